import type { Sharp } from 'sharp';
import type { Preprocess } from '../contracts/artifacts/signature.ts';
import { decode } from './decode.ts';

/**
 * The one preprocessing function of training and serving: image bytes to upright sRGB pixels of the model's input size.
 * Large JPEG and WebP are shrunk during decoding, by a factor that depends only on the sizes, so equal bytes give equal pixels.
 * @returns uint8 [height, width, 3], RGB, 0..255
 * @throws MitateError IMAGE_* (format, IMAGE_TOO_LARGE, IMAGE_TRUNCATED, IMAGE_CORRUPT)
 */
export async function toPixels(bytes: Uint8Array, preprocess: Preprocess): Promise<Uint8Array> {
  const pixels = await decode(bytes, (decoder) => fitTo(decoder, preprocess).raw({ depth: 'uchar' }).toBuffer());
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.length);
}

/** The photo in the model's input size. */
export function fitTo(photo: Sharp, { width, height, fit, kernel }: Preprocess): Sharp {
  return photo.resize({ width, height, fit, kernel, position: 'centre' });
}
