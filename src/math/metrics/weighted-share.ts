import { wilsonInterval } from '../stats/proportion.ts';

/**
 * A share from a sample whose members had unequal chances: Hajek's estimator, with the interval of its linearised variance (Sarndal, Swensson &
 * Wretman 1992, 5.7) on an effective sample size, by Wilson so that it stays inside 0..1.
 * @param hits 1 or 0
 * @param weights 1 / chance of having been chosen, > 0
 * @returns value 0..1 and the ends of its 95 % interval; NaN and [0, 1] for nothing
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
  const effective = (total * total) / squares;
  const { low, high } = wilsonInterval(value * effective, effective);
  return { value, low, high };
}
