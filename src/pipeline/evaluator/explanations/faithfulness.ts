import type { PhotoChange } from '../../../vision/alter/photo-change.ts';
import { type HeatMap, hottestFirst } from './heat-order.ts';

/** Shares of the cells at which curves are measured, beside 0 and 1. Most of the heat is in a few cells. */
const shares = [0.05, 0.1, 0.2, 0.4, 0.7];

export interface Areas {
  deletion: number;
  insertion: number;
}

/** What the curves are measured at: cells covered, and then uncovered, from the hottest on. */
export function curveChanges(heat: HeatMap): PhotoChange[] {
  const order = hottestFirst(heat);
  const hottest = (share: number) => order.subarray(0, Math.round(share * order.length));
  return ([1, 0] as const).flatMap((inside) => shares.map((share) => coveredBy(heat, hottest(share), inside)));
}

/**
 * Areas under the deletion and the insertion curve (Petsiuk et al. 2018): probability over the share of cells covered, or uncovered, from the
 * hottest on.
 * @param probabilities for the photo changed in each of `curveChanges`
 * @param ends of the whole photo, and of the photo all covered
 */
export function areasOf(probabilities: readonly number[], { whole, blank }: { whole: number; blank: number }): Areas {
  const [deleted, inserted] = [probabilities.slice(0, shares.length), probabilities.slice(shares.length)];
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
