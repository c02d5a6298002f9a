import type { Preprocess } from '../contracts/artifacts/signature.ts';
import { decode } from './decode.ts';

/**
 * The preprocessing of models that were trained before Mitate had a resampler: libvips resizes, then turns. They answer as before.
 * @returns uint8 [height, width, 3], RGB, 0..255
 * @throws MitateError IMAGE_*
 */
export async function pixelsByLibvips(bytes: Uint8Array, preprocess: Preprocess): Promise<Uint8Array> {
  const { width, height, fit, kernel } = preprocess;
  const pixels = await decode(bytes, (decoder) =>
    decoder.autoOrient().resize({ width, height, fit, kernel, position: 'centre' }).raw({ depth: 'uchar' }).toBuffer(),
  );
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.length);
}
