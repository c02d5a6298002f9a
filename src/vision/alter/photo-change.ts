import type { AlterationKind } from '../../contracts/artifacts/alteration.ts';
import type { Preprocess } from '../../contracts/artifacts/signature.ts';
import { Random } from '../../math/stats/random.ts';
import { encodePng } from '../encode.ts';
import { decodeFor, toPixels } from '../pixels.ts';
import { resample } from '../resample/resample.ts';
import { alterations } from './alter.ts';

/** What is done to a photo before a model sees it. */
export interface PhotoChange {
  kind: AlterationKind;
  /** Places crops, turns and backgrounds: the same for the same photo. */
  seed: string;
}

/**
 * The model's input of a changed photo: decoded and resampled as `toPixels` does, altered between the two.
 * @returns uint8 [height, width, 3]; null where it cannot be done
 * @throws MitateError IMAGE_*
 */
export async function changedPixels(
  bytes: Uint8Array,
  preprocess: Preprocess,
  { kind, seed }: PhotoChange,
): Promise<Uint8Array | null> {
  const altered = await alterations[kind].alter(await decodeFor(bytes, preprocess), new Random(`${seed}:${kind}`));
  if (altered === null) return null;
  if (preprocess.resampler) return resample(altered, preprocess);
  return await toPixels(await encodePng(altered.pixels, altered.width, altered.height), preprocess);
}
