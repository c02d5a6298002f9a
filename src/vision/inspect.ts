import type { ImageFormat, ImageProperties } from '../contracts/artifacts/example.ts';
import { decode } from './decode.ts';
import { differenceHash } from './perceptual-hash.ts';
import { measure } from './properties.ts';

/** Longest side, in pixels, at which properties are measured. Smaller photos are not enlarged. */
export const measuredSide = 256;

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

function decodeToMeasure(bytes: Uint8Array) {
  return decode(bytes, async (decoder, format) => {
    const { autoOrient } = await decoder.metadata();
    const { data, info } = await decoder
      .resize({ width: measuredSide, height: measuredSide, fit: 'inside', withoutEnlargement: true })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { format, full: autoOrient, pixels: data, width: info.width, height: info.height };
  });
}

/**
 * Properties of a photo from its bytes. One full decode, which detects truncated files.
 * @throws MitateError IMAGE_* (format, IMAGE_TOO_LARGE, IMAGE_TRUNCATED, IMAGE_CORRUPT)
 */
export async function inspectImage(bytes: Uint8Array): Promise<Inspection> {
  const { format, full, pixels, width, height } = await decodeToMeasure(bytes);
  const { measured, luma } = measure(pixels, width, height);
  const size = { width: full.width, height: full.height };
  return {
    format,
    ...size,
    properties: { ...size, aspect: full.width / full.height, ...measured },
    phash: differenceHash(luma, width, height),
    border: borderPixels(pixels, width, height),
  };
}
