import type { HeadWeights } from '../../../contracts/artifacts/head.ts';
import type { HeadConfig } from '../../../contracts/artifacts/head-config.ts';
import type { LabelSets, ThresholdRule } from '../../../contracts/artifacts/operating-point.ts';
import { positiveLabels, type Task } from '../../../contracts/task.ts';
import { averageViews } from '../../../math/calibration/average-views.ts';
import { softmaxRows } from '../../../math/calibration/softmax-rows.ts';
import { fitTemperature } from '../../../math/calibration/temperature.ts';
import { headLogits } from '../head/head-runner.ts';
import { sourceRows } from '../source-rows.ts';
import type { EvalHalves } from '../split-eval.ts';
import type { TrainingData, TrainingPhotos } from '../training-data.ts';
import { crossLogits } from './cross-validate.ts';
import { chooseLabelSets, chosenThreshold } from './operating-point.ts';

const crossFolds = 3;

export interface Calibration {
  temperature: number;
  /** Lowest P(positive) of a positive answer; 0.5 for a multi-class task. */
  threshold: number;
  /** Absent unless promised. */
  labelSets?: LabelSets;
  photos: number;
  /** Mean negative log-likelihood of these photos before and after, nats. */
  nllBefore: number;
  nllAfter: number;
  /** Origin of these photos. */
  method: 'eval-half' | 'train-cross-fit' | 'none';
}

export interface CalibrationOptions {
  data: TrainingData;
  halves: EvalHalves;
  head: HeadWeights;
  config: HeadConfig;
  testViews: readonly number[];
  task: Task;
  rule: ThresholdRule;
  /** Coverage of label sets; null = none. */
  coverage: number | null;
  seed: number | string;
  processes: number;
  signal: AbortSignal;
}

/**
 * Fits temperature, threshold and label sets on photos that neither trained the head nor chose its epoch.
 * @throws TRAINING_PROMISE_PHOTOS_TOO_FEW, TRAINING_DIVERGED, TRAINING_EMBEDDING_INVALID, CANCELLED
 */
export async function calibrate(options: CalibrationOptions): Promise<Calibration> {
  const { data, halves, head, testViews } = options;
  if (halves.calibration) {
    const logits = await photoLogits(data, head, halves.calibration, testViews);
    return calibrateOn(options, logits, halves.calibration.targets, 'eval-half');
  }
  if (new Set(data.train.examples.map(({ group }) => group)).size < 2 * crossFolds) {
    const { threshold } = calibrateOn(options, new Float64Array(), new Int32Array(), 'none');
    return { temperature: 1, threshold, photos: 0, nllBefore: 0, nllAfter: 0, method: 'none' };
  }
  return calibrateOn(options, await trainLogits(options), data.train.targets, 'train-cross-fit');
}

/** Logits of the photos, averaged over views: [photos, K]. */
export async function photoLogits(
  { transform, source, labels }: TrainingData,
  head: HeadWeights,
  { photos }: Pick<TrainingPhotos, 'photos'>,
  testViews: readonly number[],
): Promise<Float64Array> {
  const logits = await headLogits(head, transform, source, sourceRows(photos, source.views, testViews));
  return averageViews(logits, labels.length, testViews.length);
}

/** Out-of-fold logits of the train split. */
async function trainLogits({
  data,
  config,
  seed,
  processes,
  signal,
  testViews,
}: CalibrationOptions): Promise<Float64Array> {
  const { source, labels, train } = data;
  const { logits } = await crossLogits({
    source,
    photos: train.photos,
    targets: train.targets,
    classes: labels.length,
    groups: train.examples.map(({ group }) => group),
    folds: crossFolds,
    config,
    seed: `${seed}:calibration`,
    testViews,
    processes,
    signal,
  });
  return logits;
}

function calibrateOn(
  { data, task, rule, coverage }: CalibrationOptions,
  logits: Float64Array,
  targets: Int32Array,
  method: Calibration['method'],
): Calibration {
  const classes = data.labels.length;
  const fitted = fitTemperature(logits, targets, classes);
  const probabilities = softmaxRows(logits, classes, fitted.temperature);
  const threshold = chosenThreshold(rule, probabilities, targets, positiveLabels(task, data.labels));
  const labelSets = coverage === null ? undefined : chooseLabelSets(coverage, probabilities, targets);
  return { ...fitted, threshold, ...(labelSets && { labelSets }), photos: targets.length, method };
}
