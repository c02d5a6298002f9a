import type { z } from 'zod';
import type { Blessing, Check } from '../../contracts/artifacts/blessing.ts';
import {
  type Evaluation,
  higherIsBetter,
  type MetricName,
  type MetricsJson,
  metricNames,
} from '../../contracts/artifacts/evaluation.ts';
import type { evaluatorSpec } from './spec.ts';

type Parameters = Pick<
  z.output<typeof evaluatorSpec.parameters>,
  'thresholds' | 'sliceThresholds' | 'minSliceExamples'
>;

/**
 * Checks every value and change threshold. A metric without a value (AUC of one class) fails. Change thresholds are not checked without a baseline,
 * as in TFX.
 * @returns null without thresholds: then no blessing is written
 */
export function bless(evaluation: Evaluation, parameters: Parameters): Blessing | null {
  const checks = [
    ...checksOf('overall', evaluation.metrics, evaluation.baseline?.difference, parameters.thresholds),
    ...evaluation.slices
      .filter(({ examples }) => examples >= parameters.minSliceExamples)
      .flatMap(({ by, value, metrics }) => checksOf(`${by}=${value}`, metrics, undefined, parameters.sliceThresholds)),
  ];
  if (Object.keys(parameters.thresholds).length + Object.keys(parameters.sliceThresholds).length === 0) return null;
  const failed = checks.filter(({ passed }) => !passed);
  const message =
    failed.length === 0
      ? `all ${checks.length} checks passed`
      : `${failed.length} of ${checks.length} checks failed: ${failed.map(({ message }) => message).join('; ')}`;
  return { blessed: failed.length === 0, message, checks };
}

function checksOf(
  where: string,
  metrics: MetricsJson,
  difference: MetricsJson | undefined,
  thresholds: Parameters['thresholds'],
): Check[] {
  return metricNames.flatMap((name) => {
    const threshold = thresholds[name];
    if (!threshold) return [];
    const value = metrics[name].value;
    const change = difference?.[name].value ?? null;
    return [
      ...(threshold.min === undefined ? [] : [check(where, name, value, 'at least', threshold.min)]),
      ...(threshold.max === undefined ? [] : [check(where, name, value, 'at most', threshold.max)]),
      ...(threshold.change === undefined || !difference
        ? []
        : [check(where, name, change, higherIsBetter[name] ? 'at least' : 'at most', threshold.change, 'change of ')]),
    ];
  });
}

function check(
  where: string,
  metric: MetricName,
  value: number | null,
  direction: 'at least' | 'at most',
  threshold: number,
  prefix: '' | 'change of ' = '',
): Check {
  const passed = value !== null && (direction === 'at least' ? value >= threshold : value <= threshold);
  const name = `${where}: ${prefix}${metric} ${direction} ${threshold}`;
  if (passed) return { name, value, threshold, passed };
  const code = prefix ? 'EVALUATION_CHANGE_THRESHOLD' : 'EVALUATION_VALUE_THRESHOLD';
  return {
    name,
    value,
    threshold,
    passed,
    code,
    message: `${name}, got ${value === null ? 'no value' : value.toFixed(4)}`,
  };
}
