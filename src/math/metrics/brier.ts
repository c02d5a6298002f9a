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
  let sum = 0;
  let total = 0;
  for (let i = 0; i < truths.length; i++) {
    const weight = weights ? weights[i] : 1;
    for (let k = 0; k < classes; k++) {
      const target = classes === 1 ? truths[i] : Number(truths[i] === k);
      sum += weight * (probabilities[i * classes + k] - target) ** 2;
    }
    total += weight;
  }
  return sum / total;
}
