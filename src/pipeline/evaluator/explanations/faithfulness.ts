import type { PhotoChange } from '../../../vision/alter/photo-change.ts';
import { type HeatMap, hottestFirst } from './heat-order.ts';

/** Shares of the cells at which curves are measured, beside 0 and 1. Most of the heat is in a few cells. */
const shares = [0.05, 0.1, 0.2, 0.4, 0.7];
export type Ask = (change: PhotoChange) => Promise<number>;

export interface Areas {
  deletion: number;
  insertion: number;
}

/**
 * Areas under the deletion and the insertion curve (Petsiuk et al. 2018): probability over the share of cells covered, or uncovered, from the
 * hottest on.
 * @param ask the probability for the photo with cells covered
 * @param ends of the whole photo, and of the photo all covered
 */
export async function areasOf(
  heat: HeatMap,
  ask: Ask,
  { whole, blank }: { whole: number; blank: number },
): Promise<Areas> {
  const order = hottestFirst(heat);
  const curve = (first: 0 | 1) =>
    Promise.all(
      shares.map((share) => ask(coveredBy(heat, order.subarray(0, Math.round(share * order.length)), first))),
    );
  const [deleted, inserted] = await Promise.all([curve(1), curve(0)]);
  return { deletion: area([whole, ...deleted, blank]), insertion: area([blank, ...inserted, whole]) };
}

/** @param inside 1 covers these cells, 0 all others */
export function coveredBy(
  { width, height }: Omit<HeatMap, 'map'>,
  cells: Iterable<number>,
  inside: 0 | 1,
): PhotoChange {
  const mask = new Uint8Array(width * height).fill(1 - inside);
  for (const cell of cells) mask[cell] = inside;
  return { kind: 'covered', cells: mask, rows: height, columns: width };
}

/** Trapezoids. */
function area(values: readonly number[]): number {
  const at = [0, ...shares, 1];
  return values.slice(1).reduce((sum, value, i) => sum + ((value + values[i]!) / 2) * (at[i + 1]! - at[i]!), 0);
}
