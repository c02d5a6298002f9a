import { createHash } from 'node:crypto';
import { type Split, splits } from '../../../contracts/artifacts/example.ts';
import type { SplitRatios } from '../spec.ts';

/** Hash of a group: uniform in [0, 1), depends only on its name and the salt. */
export function splitHash(group: string, salt: string): number {
  const digest = createHash('sha256').update(`mitate/split/1\n${salt}\n${group}`).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

/** The interval [from, to) of [0, 1) of each split. */
export type Intervals = ReadonlyMap<Split, Interval>;

export interface Interval {
  from: number;
  to: number;
}

/** Intervals in proportion to the shares; splits of share 0 have none. */
export function intervalsOf(ratios: SplitRatios): Intervals {
  const total = ratios.train + ratios.eval + ratios.test;
  const intervals = new Map<Split, Interval>();
  let from = 0;
  for (const split of splits.filter((name) => ratios[name] > 0)) {
    intervals.set(split, { from: from / total, to: (from + ratios[split]) / total });
    from += ratios[split];
  }
  return intervals;
}

/** The split whose interval contains a place in [0, 1). */
export function splitAt(place: number, intervals: Intervals): Split {
  const all = [...intervals];
  const [split] = all.find(([, { to }]) => place < to) ?? (all.at(-1) as [Split, Interval]);
  return split;
}

/** Distance of a place from an interval; 0 inside. */
export function distanceTo(place: number, { from, to }: Interval): number {
  return Math.max(0, from - place, place - to);
}
