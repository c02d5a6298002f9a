import { createHash } from 'node:crypto';
import { type Split, splits } from '../../../contracts/artifacts/example.ts';
import type { SplitRatios } from '../spec.ts';

/** Where a group falls: uniform in [0, 1), by its name and the salt alone. */
export function splitHash(group: string, salt: string): number {
  const digest = createHash('sha256').update(`mitate/split/1\n${salt}\n${group}`).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

/** The part [from, to) of [0, 1) that a split takes. */
export type Intervals = Partial<Record<Split, { from: number; to: number }>>;

/** Splits side by side in proportion to their shares; those of share 0 are left out. */
export function intervalsOf(ratios: SplitRatios): Intervals {
  const total = ratios.train + ratios.eval + ratios.test;
  const intervals: Intervals = {};
  let from = 0;
  for (const split of splits.filter((name) => ratios[name] > 0)) {
    intervals[split] = { from: from / total, to: (from + ratios[split]) / total };
    from += ratios[split];
  }
  return intervals;
}

/** Which split's part a place in [0, 1) lies in. */
export function splitAt(place: number, intervals: Intervals): Split {
  const wanted = splits.filter((split) => intervals[split]);
  return wanted.find((split) => place < intervals[split]!.to) ?? wanted.at(-1)!;
}

/** How far a place lies from a split's part; 0 inside. */
export function distanceTo(place: number, { from, to }: { from: number; to: number }): number {
  return Math.max(0, from - place, place - to);
}
