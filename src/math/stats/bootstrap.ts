import { Random } from './random.ts';

export interface Interval {
  value: number;
  /** 95 % interval; NaN when the statistic is. */
  low: number;
  high: number;
}

export interface BootstrapOptions {
  seed: number;
  /** Default 1,000. */
  resamples?: number;
  /** Group index of each example, [N]: whole groups are drawn, since examples of a group are not independent. Default: no groups. */
  groups?: ArrayLike<number>;
  /**
   * Statistics biased by resampling (a calibration error grows when examples repeat: at 33 photos the plain interval missed its own value):
   * their intervals are shifted by the bootstrap's estimate of the bias, mean of the resamples - value (Efron & Tibshirani 1993, ch. 10).
   */
  biased?: readonly string[];
}

/**
 * Percentile bootstrap intervals (Efron 1979) of several statistics on the same resamples, so that their differences are paired.
 * @param size N
 * @param statistics gives the statistics for weights [N] (how often each example was drawn); undefined = the sample itself
 */
export function bootstrap<K extends string>(
  size: number,
  statistics: (weights: Float64Array | undefined) => Record<K, number>,
  options: BootstrapOptions,
): Record<K, Interval> {
  const random = new Random(options.seed);
  const groups = options.groups ?? Uint32Array.from({ length: size }, (_, i) => i);
  let groupCount = 0;
  for (let i = 0; i < size; i++) groupCount = Math.max(groupCount, groups[i]! + 1);
  const drawn = new Float64Array(groupCount);
  const weights = new Float64Array(size);
  const values = statistics(undefined);
  const keys = Object.keys(values) as K[];
  const samples = new Map(keys.map((key) => [key, [] as number[]]));
  for (let resample = 0; resample < (options.resamples ?? 1000); resample++) {
    drawn.fill(0);
    for (let i = 0; i < groupCount; i++) drawn[random.int(groupCount)]!++;
    for (let i = 0; i < size; i++) weights[i] = drawn[groups[i]!]!;
    const resampled = statistics(weights);
    for (const key of keys) if (!Number.isNaN(resampled[key])) samples.get(key)?.push(resampled[key]);
  }
  return Object.fromEntries(
    keys.map((key) => {
      const resampled = samples.get(key) ?? [];
      const bias = options.biased?.includes(key) ? mean(resampled) - values[key] : 0;
      return [key, { value: values[key], ...percentileInterval(resampled.map((sample) => sample - bias)) }];
    }),
  ) as Record<K, Interval>;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percentileInterval(samples: number[]): { low: number; high: number } {
  const sorted = Float64Array.from(samples).sort();
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

/** Quantile of sorted values by linear interpolation (Hyndman & Fan type 7); NaN when empty. `q` 0..1. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
