import { descending } from './order.ts';

export interface CurvePoint {
  /** Positive when score >= threshold. */
  threshold: number;
  /** TP / P. */
  recall: number;
  /** FP / N. */
  falsePositiveRate: number;
  /** TP / (TP + FP); 1 without a positive prediction. */
  precision: number;
}

/**
 * ROC and precision-recall points, one per distinct score, from the highest threshold (Infinity) to the lowest.
 * @param scores [N]
 * @param positives 1 or 0, [N]
 */
export function operatingPoints(
  scores: ArrayLike<number>,
  positives: ArrayLike<number>,
  weights?: ArrayLike<number>,
): CurvePoint[] {
  let allPositives = 0;
  let allNegatives = 0;
  for (let i = 0; i < scores.length; i++) {
    if (positives[i]) allPositives += weights?.[i] ?? 1;
    else allNegatives += weights?.[i] ?? 1;
  }
  const points: CurvePoint[] = [{ threshold: Number.POSITIVE_INFINITY, recall: 0, falsePositiveRate: 0, precision: 1 }];
  let tp = 0;
  let fp = 0;
  const order = descending(scores);
  for (let i = 0; i < order.length; ) {
    const threshold = scores[order[i]!]!;
    for (; i < order.length && scores[order[i]!] === threshold; i++) {
      const weight = weights?.[order[i]!] ?? 1;
      if (positives[order[i]!]) tp += weight;
      else fp += weight;
    }
    if (tp + fp === 0) continue;
    points.push({
      threshold,
      recall: tp / allPositives,
      falsePositiveRate: fp / allNegatives,
      precision: tp / (tp + fp),
    });
  }
  return points;
}
