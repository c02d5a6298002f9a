import { wilsonInterval } from '../stats/proportion.ts';

/**
 * A share from a sample with unequal inclusion probabilities: Hajek's estimator, with Wilson's interval on an effective sample size: Kish's (1965),
 * or that of the linearised variance (Sarndal, Swensson & Wretman 1992, 5.7) where misses weigh more than hits.
 * @param hits 1 or 0
 * @param weights 1 / inclusion probability, > 0
 * @returns value 0..1 and the ends of its 95 % interval; NaN and [0, 1] for an empty sample
 */
export function weightedShare(
  hits: ArrayLike<number>,
  weights: ArrayLike<number>,
): { value: number; low: number; high: number } {
  let total = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < hits.length; i++) {
    total += weights[i]!;
    sum += weights[i]! * hits[i]!;
    squares += weights[i]! ** 2;
  }
  if (total === 0) return { value: Number.NaN, low: 0, high: 1 };
  const value = sum / total;
  const effective = Math.min((total * total) / squares, linearisedSize(hits, weights, total, value));
  const { low, high } = wilsonInterval(value * effective, effective);
  return { value, low, high };
}

/** Size of an unweighted sample with the same variance; infinite when all or none are hits. */
function linearisedSize(hits: ArrayLike<number>, weights: ArrayLike<number>, total: number, share: number): number {
  let squares = 0;
  for (let i = 0; i < hits.length; i++) squares += (weights[i]! * (hits[i]! - share)) ** 2;
  return squares === 0 ? Number.POSITIVE_INFINITY : (share * (1 - share) * total * total) / squares;
}
