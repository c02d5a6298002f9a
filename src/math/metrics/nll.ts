/** Probabilities below it count as it: one sure and wrong answer must not make the mean infinite. */
export const smallestProbability = 1e-7;

/**
 * Mean negative log-likelihood, nats. Probabilities are clipped to [1e-7, 1 - 1e-7].
 * @param probabilities [N, K], or [N] of the positive label when classes = 1
 * @param truths label indexes, [N]; 1 or 0 when binary
 */
export function nll(
  probabilities: ArrayLike<number>,
  truths: ArrayLike<number>,
  classes: number,
  weights?: ArrayLike<number>,
): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < truths.length; i++) {
    const weight = weights ? weights[i] : 1;
    const p = classes === 1 ? probabilities[i] : probabilities[i * classes + truths[i]];
    const ofTruth = classes === 1 && !truths[i] ? 1 - p : p;
    sum -= weight * Math.log(Math.min(1 - smallestProbability, Math.max(smallestProbability, ofTruth)));
    total += weight;
  }
  return sum / total;
}
