import { type Picture, resample } from '../resample/resample.ts';

/** Cells of a picture, row by row, that are covered: 1, else 0. */
export interface CoveredCells {
  /** uint8 [rows, columns]. */
  cells: Uint8Array;
  rows: number;
  columns: number;
}

/** Colours that are left of a covered place: as blurred as a picture of 6 x 6 pixels. */
const blurred = 6;

/** The picture with its covered cells blurred beyond recognition: grey ones would be a sign of their own. uint8 [height, width, 3]. */
export function covered(picture: Picture, { cells, rows, columns }: CoveredCells): Uint8Array {
  const { pixels, width, height } = picture;
  const to = (size: { width: number; height: number }) => ({ ...size, fit: 'fill', kernel: 'linear' }) as const;
  const small = { width: blurred, height: blurred };
  const out = resample({ pixels: resample(picture, to(small)), ...small }, to({ width, height }));
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor((y * rows) / height) * columns;
    for (let x = 0; x < width; x++, at += 3) {
      if (cells[row + Math.floor((x * columns) / width)] === 0) out.set(pixels.subarray(at, at + 3), at);
    }
  }
  return out;
}
