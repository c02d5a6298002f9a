import type { NumericName } from '../../contracts/artifacts/statistics.ts';

const even = (low: number, high: number, count: number) =>
  Array.from({ length: count + 1 }, (_, i) => Number((low + ((high - low) * i) / count).toFixed(6)));
/** Each edge is the one before times `2 ** step`. */
const doubling = (low: number, step: number, count: number) =>
  Array.from({ length: count + 1 }, (_, i) => Number((low * 2 ** (step * i)).toPrecision(6)));

/** Edges of every histogram. They do not depend on the data, so that spans can be compared. */
export const bins: Record<NumericName, readonly number[]> = {
  width: doubling(16, 0.5, 20),
  height: doubling(16, 0.5, 20),
  aspect: doubling(0.25, 0.125, 32),
  brightness: even(0, 1, 40),
  contrast: even(0, 0.5, 40),
  sharpness: doubling(1, 0.5, 32),
  red: even(0, 1, 40),
  green: even(0, 1, 40),
  blue: even(0, 1, 40),
  sizeBytes: doubling(1024, 0.5, 34),
};

/** Index of the bin [edge, next edge) that contains the value; values outside count to the first or last bin. */
export function binOf(value: number, edges: readonly number[]): number {
  let low = 0;
  let high = edges.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (value >= edges[middle]!) low = middle;
    else high = middle;
  }
  return low;
}
