import { decodePixels } from './decode-pixels.ts';
import { inside } from './photo-properties.ts';
import type { Picture } from './resample/resample.ts';

/**
 * The whole photo with its EXIF orientation applied, never enlarged.
 * @param longestSide pixels
 * @throws MitateError IMAGE_*
 */
export async function uprightPhoto(bytes: Uint8Array, longestSide: number): Promise<Picture> {
  return inside(await decodePixels(bytes, longestSide), longestSide);
}
