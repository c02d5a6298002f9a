import type { Preprocess } from '../contracts/signature.ts';
import { decodeError, openDecoder } from './decode.ts';

/**
 * THE preprocessing of training and serving alike: image bytes to upright sRGB pixels of the wanted size.
 * Large JPEG and WebP are shrunk while they are decoded, by a factor that depends on the sizes alone, so equal bytes give equal pixels.
 * @returns uint8 [height, width, 3], RGB, 0..255
 * @throws MitateError IMAGE_* (format, IMAGE_TOO_LARGE, IMAGE_TRUNCATED, IMAGE_CORRUPT)
 */
export async function toPixels(bytes: Uint8Array, preprocess: Preprocess): Promise<Uint8Array> {
  const { width, height, fit, kernel } = preprocess;
  const { format, decoder } = openDecoder(bytes);
  try {
    const pixels = await decoder
      .resize({ width, height, fit, kernel, position: 'centre' })
      .raw({ depth: 'uchar' })
      .toBuffer();
    return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.length);
  } catch (error) {
    throw await decodeError(error, format, bytes);
  }
}
