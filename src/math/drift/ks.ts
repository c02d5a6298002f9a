/**
 * Two-sample Kolmogorov-Smirnov distance between binned samples: the largest difference of the cumulative shares, taken at the bins' edges.
 * Never above the distance of the unbinned samples.
 * @param p counts per bin; @param q likewise, same bins
 * @returns 0..1; NaN when either is empty
 */
export function ksOfHistograms(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let [sumP, sumQ] = [0, 0];
  for (let i = 0; i < p.length; i++) {
    sumP += p[i]!;
    sumQ += q[i]!;
  }
  let [seenP, seenQ, distance] = [0, 0, 0];
  for (let i = 0; i < p.length; i++) {
    seenP += p[i]!;
    seenQ += q[i]!;
    distance = Math.max(distance, Math.abs(seenP / sumP - seenQ / sumQ));
  }
  return sumP === 0 || sumQ === 0 ? Number.NaN : distance;
}

/**
 * Distance exceeded with probability `alpha` when both samples have the same distribution: sqrt(-ln(alpha / 2) / 2 * (n + m) /
 * (n m)) (Smirnov's asymptotic bound).
 * @param n,m sizes of the samples, >= 1
 */
export function ksCritical(n: number, m: number, alpha: number): number {
  return Math.sqrt((-Math.log(alpha / 2) / 2) * ((n + m) / (n * m)));
}
