import type { Observation } from '../../contracts/loop/monitor.ts';
import { fisherExact, wilsonInterval } from '../../math/stats/proportion.ts';

export function meanOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

/** Compares a share of the window with the reference's by Fisher's exact test with mid-p. */
export function compareShares(
  reference: readonly Observation[],
  window: readonly Observation[],
  is: (observation: Observation) => boolean,
) {
  const [before, now] = [reference.filter(is).length, window.filter(is).length];
  const p = fisherExact([before, reference.length], [now, window.length], { midP: true });
  const share = now / window.length;
  return {
    p,
    before: before / reference.length,
    share,
    interval: wilsonInterval(now, window.length),
    counts: { referenceCount: before, reference: reference.length, windowCount: now, window: window.length },
  };
}
