import { sha256 } from '../../codecs/digest.ts';
import type { Backbone } from '../backbone.ts';
import type { LiteEntry } from '../table.ts';
import { tapSizes } from './build-backbone.ts';

/** The ONNX file of `buildLite`, whose digest the caller has checked. */
export function readConverted(entry: LiteEntry, bytes: Uint8Array): Backbone {
  const { name, preprocess } = entry;
  const taps = tapSizes(entry);
  const embeddingSize = 2 * taps.reduce((sum, { channels }) => sum + channels, 0);
  return { name, digest: sha256(bytes), bytes, preprocess, embeddingSize, taps };
}
