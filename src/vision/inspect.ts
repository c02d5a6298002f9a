import type { ImageFormat, ImageProperties } from '../contracts/artifacts/example.ts';
import { decodePixels } from './decode-pixels.ts';
import { differenceHash } from './perceptual-hash.ts';
import { propertiesOf } from './photo-properties.ts';
import { measuredSide } from './shrink.ts';

export interface Inspection {
  format: ImageFormat;
  /** Pixels, of the upright photo. */
  width: number;
  height: number;
  properties: ImageProperties;
  /** 64-bit dHash, 16 hex digits. */
  phash: string;
  /** RGB of 8 border pixels, clockwise from top left: 24 integers 0..255. */
  border: number[];
}

/** Corners and edge middles, clockwise from the top left. */
function borderPixels(pixels: Uint8Array, width: number, height: number): number[] {
  const [middle, right, centre, bottom] = [width >> 1, width - 1, height >> 1, height - 1];
  const places = [
    [0, 0],
    [middle, 0],
    [right, 0],
    [right, centre],
    [right, bottom],
    [middle, bottom],
    [0, bottom],
    [0, centre],
  ] as const;
  return places.flatMap(([x, y]) => [...pixels.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)]);
}

/**
 * Properties of a photo from its bytes. One full decode, which detects truncated files.
 * @throws MitateError IMAGE_* (format, IMAGE_TOO_LARGE, IMAGE_TRUNCATED, IMAGE_CORRUPT)
 */
export async function inspectImage(bytes: Uint8Array): Promise<Inspection> {
  const photo = await decodePixels(bytes, measuredSide);
  const { properties, luma, picture } = propertiesOf(photo);
  return {
    format: photo.format,
    width: properties.width,
    height: properties.height,
    properties,
    phash: differenceHash(luma, picture.width, picture.height),
    border: borderPixels(picture.pixels, picture.width, picture.height),
  };
}
