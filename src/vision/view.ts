import type { View } from '../contracts/artifacts/signature.ts';
import { MitateError } from '../errors/index.ts';

/** Source of the view's pixel (x, y), in a picture with last column `right` and last row `bottom`. */
type Source = (x: number, y: number, right: number, bottom: number) => readonly [x: number, y: number];

const sources: Record<string, Source> = {
  'flip-h': (x, y, right) => [right - x, y],
  'flip-v': (x, y, _, bottom) => [x, bottom - y],
  rot180: (x, y, right, bottom) => [right - x, bottom - y],
  // A quarter turn counter-clockwise, as numpy.rot90 and Pillow's ROTATE_90.
  rot90: (x, y, right) => [right - y, x],
  rot270: (x, y, _, bottom) => [y, bottom - x],
  transpose: (x, y) => [y, x],
  transverse: (x, y, right, bottom) => [right - y, bottom - x],
};
const swapsSides = new Set<View>(['rot90', 'rot270', 'transpose', 'transverse']);

/** Source offset of each pixel, by view and size: computing it took 2 to 4 ms per photo, the table 0.3. */
const tables = new Map<string, Int32Array>();

function sourceTable(view: View, width: number, height: number): Int32Array {
  const key = `${view} ${width}x${height}`;
  const known = tables.get(key);
  if (known) return known;
  const table = new Int32Array(width * height);
  for (let i = 0; i < table.length; i++) {
    const [x, y] = sources[view]!(i % width, Math.floor(i / width), width - 1, height - 1);
    table[i] = 3 * (y * width + x);
  }
  tables.set(key, table);
  return table;
}

function permute(pixels: Uint8Array, table: Int32Array): Uint8Array {
  const out = new Uint8Array(pixels.length);
  for (let i = 0, to = 0; i < table.length; i++, to += 3) {
    const from = table[i]!;
    out[to] = pixels[from]!;
    out[to + 1] = pixels[from + 1]!;
    out[to + 2] = pixels[from + 2]!;
  }
  return out;
}

const cropSide = 0.875;

/** Bilinear taps of one axis with pixel centres at n + 0.5: the crop's window, resized to `length`. */
function taps(length: number, third: number): { low: Int32Array; high: Int32Array; share: Float64Array } {
  const low = new Int32Array(length);
  const high = new Int32Array(length);
  const share = new Float64Array(length);
  const start = (third * length * (1 - cropSide)) / 2;
  for (let i = 0; i < length; i++) {
    const at = Math.min(length - 1, Math.max(0, start + (i + 0.5) * cropSide - 0.5));
    low[i] = Math.floor(at);
    high[i] = Math.min(length - 1, low[i]! + 1);
    share[i] = at - low[i]!;
  }
  return { low, high, share };
}

/** `place` 0..8: a 3x3 grid of windows of 87.5 % side, row by row. */
function crop(pixels: Uint8Array, width: number, height: number, place: number): Uint8Array {
  const xs = taps(width, place % 3);
  const ys = taps(height, Math.floor(place / 3));
  const out = new Uint8Array(pixels.length);
  for (let y = 0, to = 0; y < height; y++) {
    const top = 3 * width * ys.low[y]!;
    const bottom = 3 * width * ys.high[y]!;
    const down = ys.share[y]!;
    for (let x = 0; x < width; x++) {
      const left = 3 * xs.low[x]!;
      const right = 3 * xs.high[x]!;
      const across = xs.share[x]!;
      for (let c = 0; c < 3; c++, to++) {
        const above = pixels[top + left + c]! * (1 - across) + pixels[top + right + c]! * across;
        const below = pixels[bottom + left + c]! * (1 - across) + pixels[bottom + right + c]! * across;
        out[to] = Math.round(above * (1 - down) + below * down);
      }
    }
  }
  return out;
}

/**
 * Another view of the same photo, of the same size. Flips and rotations only move pixels; crops are resized bilinearly.
 * @param pixels uint8 [height, width, 3]
 * @returns uint8 [height, width, 3]; `plain` gives `pixels` itself
 * @throws MitateError IMAGE_VIEW_NOT_SQUARE
 */
export function applyView(pixels: Uint8Array, width: number, height: number, view: View): Uint8Array {
  if (view === 'plain') return pixels;
  if (view.startsWith('crop-')) return crop(pixels, width, height, Number(view.slice(5)));
  if (swapsSides.has(view) && width !== height) throw new MitateError('IMAGE_VIEW_NOT_SQUARE', { view, width, height });
  return permute(pixels, sourceTable(view, width, height));
}
