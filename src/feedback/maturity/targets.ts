import type { Check } from '../../contracts/artifacts/blessing.ts';
import { type Evaluation, higherIsBetter, type MetricName, metricNames } from '../../contracts/artifacts/evaluation.ts';
import { positiveLabels } from '../../contracts/task.ts';
import type { RunFacts } from './facts.ts';
import { judgeOf, pushedAfter } from './look-ups.ts';

/** Of a slice; a smaller one says little. Also the least number of test photos. */
export const enoughPhotos = 20;

/** Names of the thresholds that held before the run pushed its own model, and that an answer without a look would not meet. */
export function targetsBeforePush(training: RunFacts): string[] | null {
  const { blessing, evaluation } = training;
  const isJudged = pushedAfter(training, 'ModelBlessing') && judgeOf(training, 'Evaluator') !== null;
  if (!isJudged || !blessing?.blessed || evaluation === null) return null;
  const targets = blessing.checks.filter((check) => isTarget(check, evaluation)).map(({ name }) => name);
  return targets.length > 0 ? targets : null;
}

/** A check of the whole split that an answer without a look at the photo would not pass: of its own label, such an answer finds every photo. */
function isTarget({ name, threshold, passed }: Check, evaluation: Evaluation): boolean {
  const whole = name.startsWith('overall: ') ? name : '';
  const metric = metricNames.find((each) => new RegExp(`\\b${each}\\b`).test(whole));
  if (!passed || threshold === null || metric === undefined || /\bchange\b/.test(name)) return false;
  const blind = blindScore(metric, evaluation);
  return blind !== null && (higherIsBetter[metric] ? threshold > blind : threshold < blind);
}

/** What the best constant answer scores; null = a constant answer may score anything, so the metric alone is no target. */
function blindScore(metric: MetricName, evaluation: Evaluation): number | null {
  const shares = answerShares(evaluation);
  const most = Math.max(...shares);
  switch (metric) {
    case 'auc':
      return 0.5;
    case 'prAuc':
    case 'accuracy':
      return most;
    case 'balancedAccuracy':
      return 1 / shares.length;
    case 'f1':
      return (2 * most) / (1 + most);
    case 'brier':
      return shares.length === 2 ? most * (1 - most) : 1 - shares.reduce((sum, share) => sum + share ** 2, 0);
    case 'nll':
      return -shares.reduce((sum, share) => sum + (share > 0 ? share * Math.log(share) : 0), 0);
    case 'precision':
    case 'recall':
    case 'ece':
      return null;
  }
}

/** Of the test photos, by true answer. */
function answerShares({ confusion, labels, task }: Evaluation): number[] {
  const counts = confusion.map((row) => row.reduce((sum, count) => sum + count, 0));
  const total = Math.max(
    1,
    counts.reduce((sum, count) => sum + count, 0),
  );
  const positives = positiveLabels(task, labels);
  if (positives === null) return counts.map((count) => count / total);
  const positive = counts.reduce((sum, count, k) => sum + (positives[k] ? count : 0), 0) / total;
  return [positive, 1 - positive];
}

/** Points, 0..1, that a slice may be below the whole. */
const consistentWithin = 0.1;

/** Slices that are large enough, if there are several and none falls behind; else null. */
export function consistentSlices({
  slices,
  metrics,
  headMetrics,
}: Evaluation): { compared: number; small: number } | null {
  const large = slices.filter(({ examples }) => examples >= enoughPhotos);
  const isConsistent = large.every(({ by, metrics: own }) => {
    // of a label: the share of its photos that are found; its accuracy may count the photos of others
    const [found, whole] =
      by === 'label'
        ? [own.recall?.value, (headMetrics ?? metrics).accuracy?.value]
        : [own.accuracy?.value, metrics.accuracy?.value];
    return typeof found === 'number' && typeof whole === 'number' && found >= whole - consistentWithin;
  });
  return large.length > 1 && isConsistent ? { compared: large.length, small: slices.length - large.length } : null;
}
