import type { Evaluation } from '../../contracts/artifacts/evaluation.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import { calibrationErrorFloor, reliability } from '../../math/metrics/calibration-error.ts';
import { confusionMatrix } from '../../math/metrics/confusion-matrix.ts';
import { operatingPoints } from '../../math/metrics/curves.ts';
import { groupIndexes } from '../../math/stats/group-indexes.ts';
import { type Answers, questionOf, topLabels } from './answers.ts';
import { compare, measure } from './measure.ts';
import { headMetrics, taskMetrics } from './metric-sets.ts';
import { worstMistakes } from './mistakes.ts';
import { labelSetsResult, type OperatingInput, operatingPoint } from './operating-point.ts';
import { attributeSlices, labelSlices } from './slices.ts';

export interface EvaluateInput {
  examples: readonly Example[];
  groupBy: Evaluation['groupBy'];
  signature: Signature;
  answers: Answers;
  baselineAnswers: Answers | null;
  modelDigest: string;
  baselineDigest: string | null;
  sliceBy: readonly string[];
  pictures: number;
  resamples: number;
  seed: number;
}

/** Measures a model by its predictions for the test split. */
export function evaluate(input: EvaluateInput): Omit<Evaluation, 'suspiciousLabels' | 'golden'> {
  const { examples, answers, baselineAnswers, signature, resamples, seed } = input;
  const groups = groupIndexes(examples.map(({ group }) => group));
  const options = { seed, resamples, groups };
  const { confidences, correct } = confidence(answers);
  const question = questionOf(answers);
  return {
    modelDigest: input.modelDigest,
    baselineDigest: input.baselineDigest,
    examples: examples.length,
    groups: new Set(groups).size,
    groupBy: input.groupBy,
    labels: [...answers.labels],
    task: signature.task,
    threshold: signature.threshold,
    metrics: measure(taskMetrics(answers), options),
    ...(question && answers.labels.length > 2 && { headMetrics: measure(headMetrics(answers), options) }),
    ...(signature.precision && { precision: signature.precision }),
    ...promises({ answers, examples, signature, sliceBy: input.sliceBy, options }),
    eceFloor: calibrationErrorFloor(confidences, seed),
    ...(question && { curve: thinned(operatingPoints(question.scores, question.positives)) }),
    reliability: reliability(confidences, correct),
    confusion: confusion(answers),
    slices: [...labelSlices(answers, options), ...attributeSlices(input.sliceBy, answers, examples, options)],
    baseline: baselineAnswers && compare(taskMetrics(answers), taskMetrics(baselineAnswers), options),
    mistakes: worstMistakes(answers, examples, input.pictures),
  };
}

function promises(input: OperatingInput): Pick<Evaluation, 'operatingPoint' | 'labelSets'> {
  const [point, sets] = [operatingPoint(input), labelSetsResult(input)];
  return { ...(point && { operatingPoint: point }), ...(sets && { labelSets: sets }) };
}

/** The confidence, and whether it was right: P(positive) of a question, else the top label's probability. */
function confidence(answers: Answers): { confidences: Float64Array; correct: Uint8Array } {
  const question = questionOf(answers);
  if (question) return { confidences: question.scores, correct: question.positives };
  const { probabilities, truths, labels } = answers;
  const top = topLabels(probabilities, labels.length);
  return {
    confidences: Float64Array.from(top, (k, i) => probabilities[i * labels.length + k]!),
    correct: Uint8Array.from(top, (k, i) => Number(k === truths[i])),
  };
}

function confusion({ probabilities, truths, labels }: Answers): number[][] {
  const matrix = confusionMatrix(truths, topLabels(probabilities, labels.length), labels.length);
  return labels.map((_, row) => [...matrix.subarray(row * labels.length, (row + 1) * labels.length)]);
}

/** At most 500 points including both ends; JSON has no Infinity, so the strictest threshold is null. */
function thinned(points: ReturnType<typeof operatingPoints>): NonNullable<Evaluation['curve']> {
  const step = Math.max(1, Math.ceil(points.length / 500));
  const kept = points.filter((_, i) => i % step === 0 || i === points.length - 1);
  return kept.map((point) => ({ ...point, threshold: Number.isFinite(point.threshold) ? point.threshold : null }));
}
