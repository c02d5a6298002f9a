import type { Preprocess } from '../contracts/artifacts/signature.ts';
import { type DecodedPhoto, decodePixels } from './decode-pixels.ts';
import { pixelsByLibvips } from './pixels-by-libvips.ts';
import { resample } from './resample/resample.ts';
import { sideFor } from './shrink.ts';

/**
 * The one preprocessing function of training and serving: image bytes to upright sRGB pixels of the model's input size. Photos are turned first,
 * then resampled by our own code. Large ones are shrunk during decoding, by a factor that depends only on the sizes, so equal bytes give equal
 * pixels.
 * @returns uint8 [height, width, 3], RGB, 0..255
 * @throws MitateError IMAGE_* (format, IMAGE_TOO_LARGE, IMAGE_TRUNCATED, IMAGE_CORRUPT)
 */
export async function toPixels(bytes: Uint8Array, preprocess: Preprocess): Promise<Uint8Array> {
  if (!preprocess.resampler) return await pixelsByLibvips(bytes, preprocess);
  return resample(await decodeFor(bytes, preprocess), preprocess);
}

/** The photo, large enough for a model and for measuring. */
export function decodeFor(bytes: Uint8Array, preprocess: Preprocess): Promise<DecodedPhoto> {
  return decodePixels(bytes, sideFor(preprocess));
}
