/**
 * Mean loss of probabilities.
 * @param probabilities [N, K], or [N] of the positive label when classes = 1
 * @param truths label indexes, [N]; 1 or 0 when classes = 1
 * @param classes K; 1 = binary
 * @param weights how often each example counts, >= 0; default 1
 */
export type Loss = (
  probabilities: ArrayLike<number>,
  truths: ArrayLike<number>,
  classes: number,
  weights?: ArrayLike<number>,
) => number;

/** Mean of a loss over N examples. @param weights how often each counts, >= 0; default 1 @returns NaN when all weights are 0 */
export function weightedMean(size: number, lossOf: (example: number) => number, weights?: ArrayLike<number>): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < size; i++) {
    const weight = weights?.[i] ?? 1;
    if (weight === 0) continue;
    sum += weight * lossOf(i);
    total += weight;
  }
  return sum / total;
}
