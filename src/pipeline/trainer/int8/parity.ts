import { leastSameLabel, mostAucDifference, type Parity, parityText } from '../../../contracts/artifacts/precision.ts';
import { questionScores } from '../../../math/calibration/question-scores.ts';
import { rocAuc } from '../../../math/metrics/roc-auc.ts';

export interface ComparedAnswers {
  /** Of the eval split, [photos, K], 0..1. */
  float32: Float64Array;
  int8: Float64Array;
  /** Class of each photo. */
  targets: Int32Array;
  /** Of each label of a question; null for a multi-class task. */
  positive: boolean[] | null;
}

/** @param answers of at least one photo */
export function measureParity({ float32, int8, targets, positive }: ComparedAnswers): Parity {
  const photos = targets.length;
  const classes = float32.length / photos;
  const top = (answers: Float64Array, i: number) => {
    const row = answers.subarray(i * classes, (i + 1) * classes);
    return row.indexOf(row.reduce((most, value) => Math.max(most, value)));
  };
  const same = targets.reduce((count, _, i) => count + Number(top(float32, i) === top(int8, i)), 0);
  const [before, after] = [auc(float32, targets, positive), auc(int8, targets, positive)];
  return {
    photos,
    sameLabel: same / photos,
    largestDifference: float32.reduce((most, value, i) => Math.max(most, Math.abs(value - int8[i]!)), 0),
    aucDifference: before === null || after === null ? null : Math.abs(after - before),
  };
}

/** Of the question, else the mean over labels that some but not all photos have; null without such. */
function auc(answers: Float64Array, targets: Int32Array, positive: boolean[] | null): number | null {
  const classes = answers.length / targets.length;
  const columns = positive
    ? [{ scores: questionScores(answers, positive), truths: targets.map((target) => Number(positive[target])) }]
    : Array.from({ length: classes }, (_, k) => ({
        scores: Float64Array.from(targets, (_, i) => answers[i * classes + k]!),
        truths: targets.map((target) => Number(target === k)),
      }));
  const defined = columns.filter(({ truths }) => truths.includes(0) && truths.includes(1));
  if (defined.length === 0) return null;
  return defined.reduce((sum, { scores, truths }) => sum + rocAuc(scores, truths), 0) / defined.length;
}

/** Why int8 is not served; null = it is near enough. */
export function parityLoss(parity: Parity): string | null {
  if (parity.sameLabel >= leastSameLabel && (parity.aucDifference ?? 0) <= mostAucDifference) return null;
  const limits = `at least ${100 * leastSameLabel} % and an AUC difference of at most ${mostAucDifference}`;
  return `its predictions differ too much from those of float32 (${parityText(parity)}; needed: ${limits})`;
}
