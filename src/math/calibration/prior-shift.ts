/**
 * Class shares of an unlabelled sample, and its probabilities corrected for them: expectation-maximisation on calibrated probabilities
 * (Saerens, Latinne & Decaestecker 2002). Valid when only the shares changed and the classes look as in training.
 * @param probabilities [n, K] row-major, calibrated for `priors`
 * @param priors [K] class shares for which the probabilities were calibrated, each > 0
 * @returns shares [K] and the corrected probabilities [n, K]
 */
export function correctPriors(
  probabilities: ArrayLike<number>,
  priors: ArrayLike<number>,
  { iterations = 200, tolerance = 1e-6 } = {},
): { shares: Float64Array; corrected: Float64Array } {
  const classes = priors.length;
  const n = probabilities.length / classes;
  let shares = Float64Array.from(priors);
  const corrected = Float64Array.from(probabilities);
  for (let round = 0; round < iterations; round++) {
    const next = new Float64Array(classes);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k < classes; k++) sum += (probabilities[i * classes + k]! * shares[k]!) / priors[k]!;
      for (let k = 0; k < classes; k++) {
        const value = (probabilities[i * classes + k]! * shares[k]!) / priors[k]! / sum;
        corrected[i * classes + k] = value;
        next[k]! += value / n;
      }
    }
    const moved = next.reduce((most, share, k) => Math.max(most, Math.abs(share - shares[k]!)), 0);
    shares = next;
    if (moved < tolerance) break;
  }
  return { shares, corrected };
}
