import { weightedMean } from './weighted-mean.ts';

/**
 * Brier score. Binary ([N] probabilities of the positive): mean (p - y)^2, 0..1. Multi-class ([N, K]): mean over examples of the sum over
 * labels of (p - y)^2, 0..2 (Brier 1950).
 * @param truths label indexes, [N]; 1 or 0 when binary
 * @param classes K; 1 = binary
 */
export function brier(
  probabilities: ArrayLike<number>,
  truths: ArrayLike<number>,
  classes: number,
  weights?: ArrayLike<number>,
): number {
  const lossOf = (i: number) => {
    let loss = 0;
    for (let k = 0; k < classes; k++) {
      const target = classes === 1 ? truths[i]! : Number(truths[i] === k);
      loss += (probabilities[i * classes + k]! - target) ** 2;
    }
    return loss;
  };
  return weightedMean(truths.length, lossOf, weights);
}
