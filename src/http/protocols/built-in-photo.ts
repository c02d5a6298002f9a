import { encodeJpeg } from '../../vision/encode.ts';
import { drawLeaf } from '../../vision/sample/index.ts';

const size = 256;
let photo: Promise<Uint8Array> | undefined;

/** A drawn leaf, the same in every server: JPEG of 256 x 256. Drawn when first asked for. */
export function builtInPhoto(): Promise<Uint8Array> {
  photo ??= encodeJpeg(drawLeaf({ seed: 'test-predict', label: 'oak_healthy', size }).pixels, size, size);
  return photo;
}
