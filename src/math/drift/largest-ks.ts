import { type PermutationOptions, type PermutationTest, permute } from '../stats/permutation.ts';
import { shuffleWithin } from '../stats/shuffle-within.ts';

export interface LargestKsOptions extends PermutationOptions {
  /** Indexes that are permuted among each other: differences between groups, and of their shares, do not count. @default one group */
  groups?: readonly ArrayLike<number>[];
}

export interface LargestKs extends PermutationTest {
  /** Distance of each measure, 0..1. */
  distances: number[];
}

/**
 * The largest Kolmogorov-Smirnov distance of several measures of the same items, and its permutation test (maxT, Westfall & Young 1993):
 * exact for any correlation of the measures, where a correction for their number loses power (brightness is nearly green).
 * @param measures values of both samples, the first sample's n first; each of the same length, finite
 */
export function largestKs(measures: readonly ArrayLike<number>[], n: number, options: LargestKsOptions): LargestKs {
  const orders = measures.map(ranked);
  const total = measures[0]!.length;
  const distancesOf = (isFirst: Uint8Array) => orders.map((order) => distance(order, isFirst, n, total - n));
  const distances = distancesOf(new Uint8Array(total).fill(1, 0, n));
  const groups = options.groups ?? [Uint32Array.from({ length: total }, (_, i) => i)];
  const test = permute(
    new Uint8Array(total).fill(1, 0, n),
    (isFirst) => Math.max(...distancesOf(isFirst)),
    (isFirst, random) => shuffleWithin(isFirst, groups, random),
    options,
  );
  return { ...test, distances };
}

interface Ranked {
  /** Indexes, smallest value first. */
  places: Uint32Array;
  /** 1 where the next value differs. */
  ends: Uint8Array;
}

function ranked(values: ArrayLike<number>): Ranked {
  const places = Uint32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ends = Uint8Array.from(places, (place, i) => (values[place] === values[places[i + 1]!] ? 0 : 1));
  return { places, ends };
}

function distance({ places, ends }: Ranked, isFirst: Uint8Array, n: number, m: number): number {
  let [first, second, largest] = [0, 0, 0];
  for (let i = 0; i < places.length; i++) {
    if (isFirst[places[i]!]) first++;
    else second++;
    if (ends[i]) largest = Math.max(largest, Math.abs(first / n - second / m));
  }
  return largest;
}
