import { descending } from './order.ts';

/**
 * Area under the precision-recall curve as average precision: sum of (R_n - R_{n-1}) P_n, without interpolation (as scikit-learn's
 * `average_precision_score`).
 * @param scores [N]
 * @param positives 1 or 0, [N]
 * @param weights how often each example counts, >= 0; default 1
 * @param order `descending(scores)`, when the caller has it
 * @returns 0..1, NaN without positives
 */
export function prAuc(
  scores: ArrayLike<number>,
  positives: ArrayLike<number>,
  weights?: ArrayLike<number>,
  order = descending(scores),
): number {
  let area = 0;
  let tp = 0;
  let called = 0;
  for (let i = 0; i < order.length; ) {
    const before = tp;
    const score = scores[order[i]!];
    for (; i < order.length && scores[order[i]!] === score; i++) {
      const weight = weights?.[order[i]!] ?? 1;
      if (positives[order[i]!]) tp += weight;
      called += weight;
    }
    if (tp > before) area += (tp - before) * (tp / called);
  }
  return area / tp;
}
