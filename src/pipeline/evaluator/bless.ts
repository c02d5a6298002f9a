import type { z } from 'zod';
import type { Blessing, Check } from '../../contracts/artifacts/blessing.ts';
import {
  type Evaluation,
  higherIsBetter,
  type MetricName,
  type MetricsJson,
  measuredOf,
  type ThresholdName,
  thresholdNames,
} from '../../contracts/artifacts/evaluation.ts';
import type { evaluatorSpec } from './spec.ts';

type Parameters = Pick<
  z.output<typeof evaluatorSpec.parameters>,
  'thresholds' | 'sliceThresholds' | 'minSliceExamples'
>;
type Threshold = NonNullable<Parameters['thresholds'][ThresholdName]>;
type Direction = 'at least' | 'at most';

/**
 * Checks every threshold that can be checked, and lists those that cannot: slices that are too small, and changes without a baseline. A metric
 * without a value (AUC of one class) fails. Nothing is blessed by checks that were not made.
 * @returns null without thresholds: then no blessing is written
 */
export function bless(evaluation: Evaluation, parameters: Parameters): Blessing | null {
  const { thresholds, sliceThresholds, minSliceExamples } = parameters;
  if (Object.keys(thresholds).length + Object.keys(sliceThresholds).length === 0) return null;
  const difference = evaluation.baseline?.difference;
  const isSliced = Object.keys(sliceThresholds).length > 0;
  const [large, small] = [true, false].map((isLarge) =>
    evaluation.slices.filter(({ examples }) => isSliced && examples >= minSliceExamples === isLarge),
  ) as [Evaluation['slices'], Evaluation['slices']];
  const checks = [
    ...checksOf('overall', measuredOf(evaluation), difference, thresholds),
    ...large.flatMap(({ by, value, metrics }) => checksOf(`${by}=${value}`, metrics, undefined, sliceThresholds)),
  ];
  const unchecked = [
    ...changesIn(thresholds)
      .filter((name) => !(difference && name in difference))
      .map((name) => `change of ${name}: ${difference ? 'it is not compared' : 'there is no baseline'}`),
    ...changesIn(sliceThresholds).map((name) => `change of ${name} in slices: slices are not compared`),
    ...small.map(({ by, value, examples }) => `${by}=${value}: ${examples} of at least ${minSliceExamples} photos`),
  ];
  const failed = checks.filter(({ passed }) => !passed);
  return {
    blessed: checks.length > 0 && failed.length === 0,
    message: [summary(checks, failed), ...(unchecked.length > 0 ? [`not checked: ${unchecked.join('; ')}`] : [])].join(
      '. ',
    ),
    checks,
    unchecked,
  };
}

function summary(checks: readonly Check[], failed: readonly Check[]): string {
  if (checks.length === 0) return 'nothing could be checked';
  if (failed.length === 0) return `all ${checks.length} checks passed`;
  return `${failed.length} of ${checks.length} checks failed: ${failed.map(({ message }) => message).join('; ')}`;
}

const changesIn = (thresholds: Parameters['thresholds']) =>
  thresholdNames.filter(
    (name) => thresholds[name]?.change !== undefined || thresholds[name]?.changeWorst !== undefined,
  );

type Interval = MetricsJson[MetricName];
type Measured = Partial<Record<ThresholdName, Interval>>;
const unmeasured: Interval = { value: null, low: null, high: null };

function checksOf(
  where: string,
  metrics: Measured,
  difference: Measured | undefined,
  thresholds: Parameters['thresholds'],
): Check[] {
  return thresholdNames.flatMap((name) => {
    const threshold = thresholds[name];
    const measured = metrics[name] ?? unmeasured;
    return threshold ? ofMetric(where, name, { threshold, measured, change: difference?.[name] }) : [];
  });
}

function ofMetric(
  where: string,
  name: ThresholdName,
  { threshold, measured, change }: { threshold: Threshold; measured: Interval; change: Interval | undefined },
): Check[] {
  const better: Direction = higherIsBetter[name] ? 'at least' : 'at most';
  const worseEnd = (interval: Interval) => (higherIsBetter[name] ? interval.low : interval.high);
  const bounds: (readonly [what: string, value: number | null, Direction, bound: number | undefined])[] = [
    [name, measured.value, 'at least', threshold.min],
    [`lower end of ${name}`, measured.low, 'at least', threshold.minLower],
    [name, measured.value, 'at most', threshold.max],
    [`upper end of ${name}`, measured.high, 'at most', threshold.maxUpper],
    ...(change
      ? ([
          [`change of ${name}`, change.value, better, threshold.change],
          [`worse end of the change of ${name}`, worseEnd(change), better, threshold.changeWorst],
        ] as const)
      : []),
  ];
  return bounds.flatMap(([what, value, direction, bound]) =>
    bound === undefined ? [] : [check(`${where}: ${what}`, value, direction, bound)],
  );
}

function check(what: string, value: number | null, direction: Direction, threshold: number): Check {
  const passed = value !== null && (direction === 'at least' ? value >= threshold : value <= threshold);
  const name = `${what} ${direction} ${threshold}`;
  if (passed) return { name, value, threshold, passed };
  const code = what.includes('change of ') ? 'EVALUATION_CHANGE_THRESHOLD' : 'EVALUATION_VALUE_THRESHOLD';
  const got = value === null ? 'no value' : value.toFixed(4);
  return { name, value, threshold, passed, code, message: `${name}, got ${got}` };
}
