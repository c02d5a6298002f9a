import {
  higherIsBetter,
  type IntervalJson,
  type MetricName,
  type MetricsJson,
  metricNames,
} from '../../contracts/artifacts/evaluation.ts';
import { bootstrap, type Interval } from '../../math/stats/bootstrap.ts';
import { wilsonInterval } from '../../math/stats/proportion.ts';
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
  return notNegative(toJson(widened(bootstrap(options.groups.length, set, { ...options, biased }), set, options)));
}

/** Of no examples. */
export const unmeasured = () =>
  Object.fromEntries(metricNames.map((name) => [name, { value: null, low: null, high: null }])) as MetricsJson;

/** Metrics in 0..1 of which 1 is best. */
const bounded = metricNames.filter((name) => higherIsBetter[name]);

/**
 * The bootstrap's intervals, but of a proportion at least Wilson's, on the number of groups: of 27 right answers out of 27 the bootstrap has no
 * width. Other metrics without width get Wilson's on the groups of the rarest class.
 */
function widened<M extends Record<MetricName, Interval>>(metrics: M, set: MetricSet, { groups }: MeasureOptions): M {
  const rarest = Math.min(...[...new Set(Array.from(set.truths))].map((k) => groupsWhere((i) => set.truths[i] === k)));
  const wide = bounded.flatMap((name) => {
    const { value, low, high } = metrics[name];
    const share = set.shares[name];
    if (Number.isNaN(value) || (!share && low < high)) return [];
    const count = share ? groupsWhere((i) => share[i] === 1) : rarest;
    const wilson = wilsonInterval(value * count, count);
    if (Number.isNaN(low)) return [[name, { value, ...wilson }]];
    return [[name, { value, low: Math.min(low, wilson.low), high: Math.max(high, wilson.high) }]];
  });
  return { ...metrics, ...Object.fromEntries(wide) };

  function groupsWhere(isCounted: (example: number) => boolean): number {
    return new Set(Array.from(groups).filter((_, i) => isCounted(i))).size;
  }
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
  const reached = reachedBy(options.groups, intervals['difference.nll']);
  const difference = metricNames.map((name) => [name, reached(name, intervals[`difference.${name}`])] as const);
  return {
    metrics: notNegative(toJson(widened(intervals, baseline, options))),
    difference: toJson(Object.fromEntries(difference) as Record<MetricName, Interval>),
  };
}

/**
 * Where two models with other probabilities are right on the same photos, the bootstrap's interval of a share has no width: it gets what so
 * many groups without a difference allow. Equal probabilities differ by exactly 0.
 */
function reachedBy(groups: ArrayLike<number>, ofNll: Interval) {
  const { high: reach } = wilsonInterval(0, new Set(Array.from(groups)).size);
  return (name: MetricName, interval: Interval): Interval => {
    const { value, low, high } = interval;
    if (!bounded.includes(name) || low !== high || ofNll.low === ofNll.high) return interval;
    return { value, low: value - reach, high: value + reach };
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
