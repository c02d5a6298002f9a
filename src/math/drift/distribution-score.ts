import { quantile } from '../stats/bootstrap.ts';

/** Range of a measure over in-distribution photos: its median, and the distance to the 98th percentile. */
export interface UsualRange {
  centre: number;
  /** > 0. */
  spread: number;
}

export interface Measure {
  value: number;
  usual: UsualRange;
}

const highShare = 0.98;

export function usualRange(values: readonly number[]): UsualRange {
  const sorted = Float64Array.from(values).sort();
  const centre = quantile(sorted, 0.5);
  return { centre, spread: Math.max(quantile(sorted, highShare) - centre, 1e-6 * Math.max(1, Math.abs(centre))) };
}

/**
 * Out-of-distribution score of a photo: its worst measure. 0 = no further than the median training photo.
 * @param threshold > 0; a result above 1 exceeds it
 */
export function distributionScore(measures: readonly { value: number; usual: UsualRange }[], threshold = 1): number {
  const worst = Math.max(...measures.map(({ value, usual }) => (value - usual.centre) / usual.spread));
  return Math.max(0, worst) / threshold;
}

/**
 * The score that `share` of such photos do not exceed: the ceil((n + 1) share)-th smallest (split conformal prediction).
 * @param scores at least one
 */
export function conformalThreshold(scores: readonly number[], share: number): number {
  const sorted = Float64Array.from(scores).sort();
  const place = Math.min(sorted.length, Math.ceil((sorted.length + 1) * share)) - 1;
  return Math.max(sorted[place]!, 1e-6);
}
