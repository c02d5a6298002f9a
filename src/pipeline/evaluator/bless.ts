import type { z } from 'zod';
import type { Blessing, Check } from '../../contracts/artifacts/blessing.ts';
import {
  type Evaluation,
  explanationFigures,
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
  'thresholds' | 'sliceThresholds' | 'robustnessThresholds' | 'explanationThresholds' | 'minSliceExamples'
>;
type Threshold = NonNullable<Parameters['thresholds'][ThresholdName]>;
type Direction = 'at least' | 'at most';

/**
 * Checks every threshold that can be checked, and lists those that cannot: slices that are too small, and changes without a baseline. A metric
 * without a value (AUC of one class) fails. Nothing is blessed by checks that were not made.
 * @returns null without thresholds: then no blessing is written
 */
export function bless(evaluation: Evaluation, parameters: Parameters): Blessing | null {
  const { thresholds, sliceThresholds, robustnessThresholds, explanationThresholds, minSliceExamples } = parameters;
  const asked = [thresholds, sliceThresholds, robustnessThresholds, explanationThresholds];
  if (asked.every((each) => Object.keys(each).length === 0)) return null;
  const robustness = checksOfRobustness(evaluation, parameters);
  const explanations = checksOfExplanations(evaluation, parameters);
  const difference = changesOf(evaluation);
  const isSliced = Object.keys(sliceThresholds).length > 0;
  const [large, small] = [true, false].map((isLarge) =>
    evaluation.slices.filter(({ examples }) => isSliced && examples >= minSliceExamples === isLarge),
  ) as [Evaluation['slices'], Evaluation['slices']];
  const checks = [
    ...checksOf('overall', measuredOf(evaluation), difference, thresholds),
    ...large.flatMap(({ by, value, metrics }) => checksOf(`${by}=${value}`, metrics, undefined, sliceThresholds)),
    ...robustness.checks,
    ...explanations.checks,
  ];
  const unchecked = [
    ...changesIn(thresholds)
      .filter((name) => !(difference && name in difference))
      .map((name) => `change of ${name}: ${difference ? 'it is not compared' : 'there is no baseline'}`),
    ...changesIn(sliceThresholds).map((name) => `change of ${name} in slices: slices are not compared`),
    ...small.map(({ by, value, examples }) => `${by}=${value}: ${examples} of at least ${minSliceExamples} photos`),
    ...robustness.unchecked,
    ...explanations.unchecked,
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

/** Against the baseline; undefined without one. The sensitivity of a question is its recall. */
function changesOf({ baseline, operatingPoint }: Evaluation): Measured | undefined {
  return (
    baseline?.difference && {
      ...baseline.difference,
      ...(operatingPoint && { sensitivity: baseline.difference.recall }),
    }
  );
}

function checksOfRobustness({ robustness }: Evaluation, { robustnessThresholds, minSliceExamples }: Parameters) {
  const asked = (robustness?.kinds ?? []).filter(({ kind }) => robustnessThresholds[kind]);
  return {
    checks: asked
      .filter(({ photos }) => photos >= minSliceExamples)
      .flatMap(({ kind, metrics, difference }) => checksOf(kind, metrics, difference, robustnessThresholds[kind]!)),
    unchecked: asked
      .filter(({ photos }) => photos < minSliceExamples)
      .map(({ kind, photos }) => `${kind}: ${photos} of at least ${minSliceExamples} photos`),
  };
}

function checksOfExplanations({ explanations }: Evaluation, { explanationThresholds, minSliceExamples }: Parameters) {
  const [checks, unchecked]: [Check[], string[]] = [[], []];
  for (const figure of explanationFigures) {
    const threshold = explanationThresholds[figure];
    if (!threshold || !explanations) continue;
    const isDrawn = figure === 'inLesions' || figure === 'pointing';
    const measured = isDrawn ? explanations.localisation?.[figure] : explanations[figure];
    const photos = isDrawn ? (explanations.localisation?.leaves ?? 0) : explanations.photos;
    if (measured && photos >= minSliceExamples) checks.push(...ofBounds('heat maps', figure, measured, threshold));
    else
      unchecked.push(
        `heat maps: ${figure}: ${photos} of at least ${minSliceExamples} ${isDrawn ? 'drawn leaves' : 'photos'}`,
      );
  }
  return { checks, unchecked };
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
  const bounds = change
    ? ([
        [`change of ${name}`, change.value, better, threshold.change],
        [`worse end of the change of ${name}`, worseEnd(change), better, threshold.changeWorst],
      ] as const)
    : [];
  return [...ofBounds(where, name, measured, threshold), ...checksWithin(where, bounds)];
}

type Bound = readonly [what: string, value: number | null, Direction, bound: number | undefined];

function ofBounds(where: string, name: string, { value, low, high }: Interval, threshold: Threshold): Check[] {
  return checksWithin(where, [
    [name, value, 'at least', threshold.min],
    [`lower end of ${name}`, low, 'at least', threshold.minLower],
    [name, value, 'at most', threshold.max],
    [`upper end of ${name}`, high, 'at most', threshold.maxUpper],
  ]);
}

const checksWithin = (where: string, bounds: readonly Bound[]): Check[] =>
  bounds.flatMap(([what, value, direction, bound]) =>
    bound === undefined ? [] : [check(`${where}: ${what}`, value, direction, bound)],
  );

function check(what: string, value: number | null, direction: Direction, threshold: number): Check {
  const passed = value !== null && (direction === 'at least' ? value >= threshold : value <= threshold);
  const name = `${what} ${direction} ${threshold}`;
  if (passed) return { name, value, threshold, passed };
  const code = what.includes('change of ') ? 'EVALUATION_CHANGE_THRESHOLD' : 'EVALUATION_VALUE_THRESHOLD';
  const got = value === null ? 'no value' : value.toFixed(4);
  return { name, value, threshold, passed, code, message: `${name}, got ${got}` };
}
