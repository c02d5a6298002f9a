import type { IntervalJson } from '../../../contracts/artifacts/evaluation.ts';
import { bootstrap } from '../../../math/stats/bootstrap.ts';

/** A mean with its 95 % interval over groups; null of nothing. */
export function meanOf(
  values: readonly number[],
  options: { seed: number; resamples: number; groups?: ArrayLike<number> },
): IntervalJson {
  if (values.length === 0) return { value: null, low: null, high: null };
  const statistic = (weights?: Float64Array) => {
    const weight = (i: number) => (weights ? weights[i]! : 1);
    const total = values.reduce((sum, _, i) => sum + weight(i), 0);
    return { mean: values.reduce((sum, value, i) => sum + weight(i) * value, 0) / total };
  };
  return bootstrap(values.length, statistic, options).mean;
}
