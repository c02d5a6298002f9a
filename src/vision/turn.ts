import type { Picture } from './resample/resample.ts';

/** Where a walk over the upright picture starts in the stored one, and its steps to the next column and row: in pixels. */
type Walk = (width: number, height: number) => [start: number, column: number, row: number];

/** By EXIF orientation. From 5 on, rows and columns are swapped. */
const walks: Record<number, Walk> = {
  2: (width) => [width - 1, -1, width],
  3: (width, height) => [width * height - 1, -1, -width],
  4: (width, height) => [width * (height - 1), 1, -width],
  5: (width) => [0, width, 1],
  6: (width, height) => [width * (height - 1), -width, 1],
  7: (width, height) => [width * height - 1, -width, -1],
  8: (width) => [width - 1, width, -1],
};

/**
 * A stored picture as it is to be seen: pixels move, none changes.
 * @param orientation of EXIF, 1 (upright) to 8
 */
export function turned(stored: Picture, orientation: number): Picture {
  const walk = walks[orientation]?.(stored.width, stored.height);
  if (!walk) return stored;
  const [start, column, row] = walk;
  const { pixels } = stored;
  const [width, height] = sizeTurned(stored, orientation);
  const out = new Uint8Array(pixels.length);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, from = 3 * (start + y * row); x < width; x++, from += 3 * column, to += 3) {
      out[to] = pixels[from]!;
      out[to + 1] = pixels[from + 1]!;
      out[to + 2] = pixels[from + 2]!;
    }
  }
  return { pixels: out, width, height };
}

export function sizeTurned(
  { width, height }: { width: number; height: number },
  orientation: number,
): [width: number, height: number] {
  return orientation > 4 ? [height, width] : [width, height];
}
