import { type DecodedPhoto, decodePixels } from './decode-pixels.ts';
import { type Picture, resample } from './resample/resample.ts';

/**
 * The whole photo with its EXIF orientation applied, never enlarged.
 * @param longestSide pixels
 * @throws MitateError IMAGE_*
 */
export async function uprightPhoto(bytes: Uint8Array, longestSide: number): Promise<Picture> {
  return inside(await decodePixels(bytes, longestSide), longestSide);
}

/** The decoded photo at the size that the whole one has when it is fitted into a square, never enlarged. */
export function inside(photo: DecodedPhoto, longestSide: number): Picture {
  const { fullWidth, fullHeight } = photo;
  const scale = Math.min(1, longestSide / Math.max(fullWidth, fullHeight));
  const width = Math.max(1, Math.round(scale * fullWidth));
  const height = Math.max(1, Math.round(scale * fullHeight));
  if (width === photo.width && height === photo.height) return photo;
  return { pixels: resample(photo, { width, height, fit: 'fill', kernel: 'lanczos3' }), width, height };
}
