import {
  type IntervalJson,
  type MetricName,
  type MetricsJson,
  metricNames,
} from '../../contracts/artifacts/evaluation.ts';
import { bootstrap, type Interval } from '../../math/stats/bootstrap.ts';
import type { MetricSet } from './metric-sets.ts';

export interface MeasureOptions {
  seed: number;
  resamples: number;
  /** Group index of each example, [N]. */
  groups: ArrayLike<number>;
}

const biased = ['ece', 'difference.ece'];

/** All metrics with 95 % intervals. */
export function measure(set: MetricSet, options: MeasureOptions): MetricsJson {
  return notNegative(toJson(bootstrap(options.groups.length, set, { ...options, biased })));
}

/** The baseline's metrics and the difference model - baseline, on the same resamples. */
export function compare(
  model: MetricSet,
  baseline: MetricSet,
  options: MeasureOptions,
): { metrics: MetricsJson; difference: MetricsJson } {
  const intervals = bootstrap(
    options.groups.length,
    (weights) => {
      const ours = model(weights);
      const theirs = baseline(weights);
      const differences = metricNames.map((name) => [`difference.${name}`, ours[name] - theirs[name]] as const);
      return { ...theirs, ...Object.fromEntries(differences) } as Record<
        MetricName | `difference.${MetricName}`,
        number
      >;
    },
    { ...options, biased },
  );
  const difference = metricNames.map((name) => [name, intervals[`difference.${name}`]] as const);
  return {
    metrics: notNegative(toJson(intervals)),
    difference: toJson(Object.fromEntries(difference) as Record<MetricName, Interval>),
  };
}

function toJson(intervals: Record<MetricName, Interval>): MetricsJson {
  return Object.fromEntries(metricNames.map((name) => [name, intervalJson(intervals[name])])) as MetricsJson;
}

/** A calibration error is at least 0; its bias-corrected interval may not be. */
function notNegative(metrics: MetricsJson): MetricsJson {
  const { low } = metrics.ece;
  return { ...metrics, ece: { ...metrics.ece, low: low && Math.max(0, low) } };
}

function intervalJson({ value, low, high }: Interval): IntervalJson {
  return { value: finite(value), low: finite(low), high: finite(high) };
}

const finite = (value: number) => (Number.isFinite(value) ? value : null);
