import type { MetricName } from '../../contracts/artifacts/evaluation.ts';
import { brier } from '../../math/metrics/brier.ts';
import { expectedCalibrationError } from '../../math/metrics/calibration-error.ts';
import { accuracy, balancedAccuracy, confusionMatrix, labelScores } from '../../math/metrics/confusion-matrix.ts';
import { nll } from '../../math/metrics/nll.ts';
import { descending } from '../../math/metrics/order.ts';
import { prAuc } from '../../math/metrics/pr-auc.ts';
import { rocAuc } from '../../math/metrics/roc-auc.ts';
import { type Answers, type BinaryAnswers, questionOf, topLabels } from './answers.ts';

/** All metrics for weights [N]; undefined = each example once. */
export interface MetricSet {
  (weights?: Float64Array): Record<MetricName, number>;
  /** Classes [N]. */
  truths: ArrayLike<number>;
  /** Of each metric that is a proportion, the examples [N] that it is a share of: 1, else 0. */
  shares: Partial<Record<MetricName, Uint8Array>>;
}

/** The metrics of the task: of the question if there is one, else of the head. */
export function taskMetrics(answers: Answers): MetricSet {
  const question = questionOf(answers);
  return question ? questionMetrics(question) : headMetrics(answers);
}

/** Metrics of a yes-or-no question. ECE is that of P(positive). */
export function questionMetrics({ scores, positives, answered }: BinaryAnswers): MetricSet {
  return binaryMetrics(scores, positives, answered);
}

function binaryMetrics(scores: Float64Array, positives: Uint8Array, predicted: Uint8Array): MetricSet {
  const order = descending(scores);
  const metrics = (weights?: Float64Array) => {
    const matrix = confusionMatrix(positives, predicted, 2, weights);
    const { precision, recall, f1 } = labelScores(matrix, 2, 1);
    return {
      auc: rocAuc(scores, positives, weights, order),
      prAuc: prAuc(scores, positives, weights, order),
      accuracy: accuracy(matrix, 2),
      balancedAccuracy: balancedAccuracy(matrix, 2),
      precision,
      recall,
      f1,
      brier: brier(scores, positives, 1, weights),
      nll: nll(scores, positives, 1, weights),
      ece: expectedCalibrationError(scores, positives, 15, weights, order),
    };
  };
  const shares = { accuracy: all(scores.length), precision: predicted, recall: positives };
  return Object.assign(metrics, { truths: positives, shares });
}

const all = (count: number) => new Uint8Array(count).fill(1);

/** Metrics of the multi-class head: AUC, PR-AUC, precision, recall and F1 are macro averages, one label against the rest. ECE is that of the top label. */
export function headMetrics({ probabilities, truths, labels }: Answers): MetricSet {
  const classes = labels.length;
  const top = topLabels(probabilities, classes);
  const confidences = Float64Array.from(top, (label, i) => probabilities[i * classes + label]!);
  const correct = Uint8Array.from(top, (label, i) => Number(label === truths[i]));
  const confidenceOrder = descending(confidences);
  const columns = labels.map((_, k) => labelAgainstRest(probabilities, truths, classes, k));
  const metrics = (weights?: Float64Array) => {
    const matrix = confusionMatrix(truths, top, classes, weights);
    const perLabel = labels.map((_, k) => labelScores(matrix, classes, k)).filter(({ support }) => support > 0);
    return {
      auc: mean(columns.map(({ scores, positives, order }) => rocAuc(scores, positives, weights, order))),
      prAuc: mean(columns.map(({ scores, positives, order }) => prAuc(scores, positives, weights, order))),
      accuracy: accuracy(matrix, classes),
      balancedAccuracy: balancedAccuracy(matrix, classes),
      // a label that is never predicted has precision 0, as with scikit-learn's default zero_division
      precision: mean(perLabel.map(({ precision }) => (Number.isNaN(precision) ? 0 : precision))),
      recall: mean(perLabel.map(({ recall }) => recall)),
      f1: mean(perLabel.map(({ f1 }) => f1)),
      brier: brier(probabilities, truths, classes, weights),
      nll: nll(probabilities, truths, classes, weights),
      ece: expectedCalibrationError(confidences, correct, 15, weights, confidenceOrder),
    };
  };
  return Object.assign(metrics, { truths, shares: { accuracy: all(truths.length) } });
}

/**
 * Metrics of one label of the head against the rest; predicted when it is the most probable. Accuracy is that of the label's own photos, its
 * recall: against the rest, a label that is never predicted would have an accuracy of 0.9.
 */
export function labelMetrics({ probabilities, truths, labels }: Answers, label: number): MetricSet {
  const { scores, positives } = labelAgainstRest(probabilities, truths, labels.length, label);
  const predicted = Uint8Array.from(topLabels(probabilities, labels.length), (k) => Number(k === label));
  const ofAll = binaryMetrics(scores, positives, predicted);
  const metrics = (weights?: Float64Array) => {
    const measured = ofAll(weights);
    return { ...measured, accuracy: measured.recall };
  };
  return Object.assign(metrics, { truths: positives, shares: { ...ofAll.shares, accuracy: positives } });
}

function labelAgainstRest(probabilities: Float64Array, truths: Int32Array, classes: number, label: number) {
  const scores = Float64Array.from(truths, (_, i) => probabilities[i * classes + label]!);
  return { scores, positives: Uint8Array.from(truths, (truth) => Number(truth === label)), order: descending(scores) };
}

/** Mean without NaN values; NaN if there are no others. */
function mean(values: number[]): number {
  const present = values.filter((value) => !Number.isNaN(value));
  return present.reduce((sum, value) => sum + value, 0) / present.length;
}
