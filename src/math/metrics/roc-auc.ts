import { descending } from './order.ts';

/**
 * Area under the ROC curve: P(score of a positive > score of a negative) + half P(equal) (Hanley & McNeil 1982, ties by mid-ranks).
 * @param scores any real numbers, [N]
 * @param positives 1 or 0, [N]
 * @param weights how often each example counts, >= 0; default 1
 * @param order `descending(scores)`, when the caller has it
 * @returns 0..1, NaN when one class is missing
 */
export function rocAuc(
  scores: ArrayLike<number>,
  positives: ArrayLike<number>,
  weights?: ArrayLike<number>,
  order = descending(scores),
): number {
  let above = 0;
  let total = 0;
  let negatives = 0;
  for (let i = 0; i < order.length; ) {
    let tiedPositives = 0;
    let tiedNegatives = 0;
    const score = scores[order[i]!];
    for (; i < order.length && scores[order[i]!] === score; i++) {
      const weight = weights?.[order[i]!] ?? 1;
      if (positives[order[i]!]) tiedPositives += weight;
      else tiedNegatives += weight;
    }
    above += tiedNegatives * (total + tiedPositives / 2);
    total += tiedPositives;
    negatives += tiedNegatives;
  }
  return above / (total * negatives);
}
