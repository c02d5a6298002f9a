/**
 * Jensen-Shannon divergence in bits (Lin 1991): 0 = equal shares, 1 = nothing in common.
 * @param p counts or shares >= 0, of one sum; @param q likewise, same length and order
 * @param weight of p, 0..1; 0.5 is the symmetric one
 * @returns 0..1; NaN when either sum is 0
 */
export function jsDivergence(p: ArrayLike<number>, q: ArrayLike<number>, weight = 0.5): number {
  const [sumP, sumQ] = [sum(p), sum(q)];
  if (sumP === 0 || sumQ === 0) return Number.NaN;
  let divergence = 0;
  for (let i = 0; i < p.length; i++) {
    const [a, b] = [p[i]! / sumP, q[i]! / sumQ];
    const middle = weight * a + (1 - weight) * b;
    if (a > 0) divergence += weight * a * Math.log2(a / middle);
    if (b > 0) divergence += (1 - weight) * b * Math.log2(b / middle);
  }
  return Math.max(0, divergence);
}

/** Square root of the divergence: a metric (Endres & Schindelin 2003), 0..1. */
export function jsDistance(p: ArrayLike<number>, q: ArrayLike<number>): number {
  return Math.sqrt(jsDivergence(p, q));
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
