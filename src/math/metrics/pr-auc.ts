import { operatingPoints } from './curves.ts';

/**
 * Area under the precision-recall curve as average precision: sum of (R_n - R_{n-1}) P_n, without interpolation (as scikit-learn's
 * `average_precision_score`).
 * @returns 0..1, NaN without positives
 */
export function prAuc(scores: ArrayLike<number>, positives: ArrayLike<number>, weights?: ArrayLike<number>): number {
  let area = 0;
  let recall = 0;
  for (const point of operatingPoints(scores, positives, weights)) {
    area += (point.recall - recall) * point.precision;
    recall = point.recall;
  }
  return area;
}
