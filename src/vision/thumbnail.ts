import { encodeJpeg } from './encode.ts';
import { uprightPhoto } from './upright.ts';

/**
 * A small upright JPEG for reports.
 * @param size longest side, pixels
 * @throws MitateError IMAGE_*
 */
export async function thumbnail(bytes: Uint8Array, size: number): Promise<Uint8Array> {
  const { pixels, width, height } = await uprightPhoto(bytes, size);
  return await encodeJpeg(pixels, width, height);
}
