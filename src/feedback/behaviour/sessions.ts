import type { SessionSums } from '../../contracts/loop/behaviour.ts';
import type { Observation } from '../../contracts/loop/monitor.ts';
import { permutationTest } from '../../math/stats/permutation.ts';
import { sessionShare } from '../../math/stats/session-ratio.ts';
import type { Check } from '../monitors/monitor-kind.ts';
import { permutationsFor } from '../monitors/permutations.ts';
import { compareShares } from '../monitors/shares.ts';

/** Sum of a number, and number of photos, of each session: both [S]. */
interface Totals {
  y: Float64Array;
  n: Float64Array;
}

function totalsOf(observations: readonly Observation[], numberOf: (observation: Observation) => number): Totals {
  // a photo without events is a session of its own
  const sessions = [...Map.groupBy(observations, ({ behaviour }, i) => behaviour?.session ?? i).values()];
  return {
    y: Float64Array.from(sessions, (each) => each.reduce((sum, one) => sum + numberOf(one), 0)),
    n: Float64Array.from(sessions, ({ length }) => length),
  };
}

export function sessionSums(
  observations: readonly Observation[],
  numberOf: (observation: Observation) => number,
): SessionSums {
  const { y, n } = totalsOf(observations, numberOf);
  const sums = { sessions: n.length, y: 0, n: 0, yy: 0, yn: 0, nn: 0 };
  for (const [i, part] of y.entries()) {
    const photos = n[i]!;
    sums.y += part;
    sums.n += photos;
    sums.yy += part * part;
    sums.yn += part * photos;
    sums.nn += photos * photos;
  }
  return sums;
}

type Test = Pick<Check<unknown>, 'seed' | 'alpha' | 'onChance'> & {
  /** Which change counts. */
  worse: 'lower' | 'higher' | 'either';
};

/** Probability of such a change of a mean over photos by chance: whole sessions are permuted, since their photos are correlated. */
export function sessionChange(
  reference: readonly Observation[],
  window: readonly Observation[],
  numberOf: (observation: Observation) => number,
  { worse, seed, alpha, onChance }: Test,
): number {
  const [before, now] = [totalsOf(reference, numberOf), totalsOf(window, numberOf)];
  const y = Float64Array.of(...before.y, ...now.y);
  const n = Float64Array.of(...before.n, ...now.n);
  const change = (isReference: Uint8Array) => {
    const sums = { y: [0, 0], n: [0, 0] };
    for (const [i, side] of isReference.entries()) {
      sums.y[side]! += y[i]!;
      sums.n[side]! += n[i]!;
    }
    const difference = sums.y[0]! / sums.n[0]! - sums.y[1]! / sums.n[1]!;
    return worse === 'higher' ? difference : worse === 'lower' ? -difference : Math.abs(difference);
  };
  const options = { seed, permutations: permutationsFor(alpha), onDraw: onChance };
  return permutationTest(before.n.length, now.n.length, change, options).p;
}

/**
 * Compares a share of photos: exactly where each photo is a session of its own, else by permuting sessions.
 * @param check.tolerance largest change that is no breach, 0..1
 */
export function compareSessionShares(
  {
    reference,
    window,
    tolerance,
    ...check
  }: Test & Pick<Check<unknown>, 'reference' | 'window'> & { tolerance: number },
  is: (observation: Observation) => boolean,
) {
  const { before, share, p: exact, counts } = compareShares(reference, window, is, tolerance);
  const { worse } = check;
  const numberOf = (each: Observation) => Number(is(each));
  const [was, now] = [sessionSums(reference, numberOf), sessionSums(window, numberOf)];
  const areSingle = was.sessions === was.n && now.sessions === now.n;
  const isWorse = worse === 'either' || (worse === 'lower' ? share < before : share > before);
  const isNear = tolerance > 0 && Math.abs(share - before) <= tolerance;
  const p = areSingle ? (isWorse ? exact : 1) : isNear ? 1 : sessionChange(reference, window, numberOf, check);
  const { low, high } = sessionShare(now);
  const sessions = { referenceSessions: was.sessions, windowSessions: now.sessions };
  return { p, before, share, interval: { low, high }, counts: { ...counts, ...sessions } };
}
