import { z } from 'zod';
import { percent } from '../../codecs/percent.ts';
import type { Observation } from '../../contracts/loop/monitor.ts';
import type { weightedShare } from '../../math/metrics/weighted-share.ts';
import { fisherExact, wilsonInterval } from '../../math/stats/proportion.ts';

export function meanOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Compares a share of the window with the reference's by Fisher's exact test with mid-p, as if the reference's were nearer by `tolerance`.
 * @param tolerance 0..1
 */
export function compareShares(
  reference: readonly Observation[],
  window: readonly Observation[],
  is: (observation: Observation) => boolean,
  tolerance: number,
) {
  const [before, now] = [reference.filter(is).length, window.filter(is).length];
  const share = now / window.length;
  const beyond = Math.abs(share - before / reference.length) - tolerance;
  const moved = Math.sign(share - before / reference.length) * Math.round(tolerance * reference.length);
  const near: [number, number] = [before + moved, reference.length];
  const p = tolerance > 0 && beyond <= 0 ? 1 : fisherExact(near, [now, window.length], { midP: true });
  return {
    p,
    before: before / reference.length,
    share,
    interval: wilsonInterval(now, window.length),
    counts: { referenceCount: before, reference: reference.length, windowCount: now, window: window.length },
  };
}

/**
 * Largest change that is no breach, in units of the monitor's statistic, 0..1: days differ by more than the chance of a sample, as the mix of
 * plants, places and people moves. p is the chance of the window's statistic when the change is as large as this.
 */
export const tolerance = (usual: number) => z.number().min(0).max(1).default(usual);

/** Parameters of a monitor of accuracy. @param min default of the lowest that is no breach, 0..1 */
export const accuracyFloor = (min: number) => z.object({ min: z.number().min(0).max(1).default(min) });

type Accuracy = ReturnType<typeof weightedShare>;

/** A breach only when the whole interval is below. */
export function belowFloor({ value, low, high }: Accuracy, min: number) {
  return { isBreach: high < min, statistic: value, p: null, threshold: min, interval: { low, high } };
}

export const rangeText = ({ value, low, high }: Accuracy): string =>
  `${percent(value)} (${percent(low)} to ${percent(high)})`;
