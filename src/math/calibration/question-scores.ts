/**
 * P(positive): the positive labels' share of each row.
 * @param probabilities [N, K], rows sum to 1
 * @param positive whether each of the K labels is the positive answer
 * @returns [N], 0..1
 */
export function questionScores(probabilities: ArrayLike<number>, positive: readonly boolean[]): Float64Array {
  const classes = positive.length;
  const scores = new Float64Array(probabilities.length / classes);
  for (let i = 0; i < scores.length; i++) {
    let sum = 0;
    for (let k = 0; k < classes; k++) if (positive[k]) sum += probabilities[i * classes + k]!;
    scores[i] = Math.min(1, sum);
  }
  return scores;
}
