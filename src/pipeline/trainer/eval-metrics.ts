import { questionScores } from '../../math/calibration/question-scores.ts';
import { expectedCalibrationError } from '../../math/metrics/calibration-error.ts';
import { nll } from '../../math/metrics/nll.ts';
import { rocAuc } from '../../math/metrics/roc-auc.ts';

/** Metrics on the eval split, which chose epoch, temperature and threshold; the Evaluator measures on the test split. */
export interface EvalMetrics {
  photos: number;
  accuracy: number;
  /** Nats, after calibration. */
  nll: number;
  /** Of the most probable label's probability, 15 equal-mass bins. */
  ece: number;
  /** Of the question, or null. */
  auc: number | null;
}

/** @param answers [photos, K], 0..1; null without photos */
export function evalMetrics(
  answers: Float64Array,
  targets: Int32Array,
  positive: boolean[] | null,
): EvalMetrics | null {
  const photos = targets.length;
  if (photos === 0) return null;
  const classes = answers.length / photos;
  const rows = Array.from({ length: photos }, (_, i) => answers.subarray(i * classes, (i + 1) * classes));
  const confidences = rows.map((row) => Math.max(...row));
  const correct = rows.map((row, i) => Number(row.indexOf(Math.max(...row)) === targets[i]));
  const truths = positive && targets.map((target) => Number(positive[target]));
  const bothAnswers = truths?.includes(0) && truths.includes(1);
  return {
    photos,
    accuracy: correct.reduce((sum, value) => sum + value, 0) / photos,
    nll: nll(answers, targets, classes),
    ece: expectedCalibrationError(confidences, correct),
    auc: positive && truths && bothAnswers ? rocAuc(questionScores(answers, positive), truths) : null,
  };
}

/**
 * Photos answered rightly of the positive (sensitivity) and negative (specificity) ones.
 * @param answers [photos, K], 0..1 @param isCounted of each photo
 */
export function atThreshold(
  answers: Float64Array,
  targets: Int32Array,
  { positive, threshold, isCounted }: { positive: boolean[]; threshold: number; isCounted: (i: number) => boolean },
) {
  const answered = Array.from(questionScores(answers, positive), (score) => score >= threshold);
  const share = (of: boolean) => {
    const photos = [...targets.keys()].filter((i) => positive[targets[i]!] === of && isCounted(i));
    return { count: photos.filter((i) => answered[i] === of).length, photos: photos.length };
  };
  return { sensitivity: share(true), specificity: share(false) };
}
