/**
 * Population stability index: sum of (q - p) ln(q / p) over the bins. A bin's share is (count + 0.5) / (sum + bins / 2), so that an empty
 * one (Jeffreys' prior) does not make it infinite.
 * @param p,q counts >= 0 per bin, same bins
 * @returns >= 0; by convention below 0.1 no shift, above 0.25 a large one. NaN when either is empty
 */
export function psi(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const [sumP, sumQ] = [sum(p), sum(q)];
  if (sumP === 0 || sumQ === 0) return Number.NaN;
  let index = 0;
  for (let i = 0; i < p.length; i++) {
    const a = (p[i]! + 0.5) / (sumP + p.length / 2);
    const b = (q[i]! + 0.5) / (sumQ + p.length / 2);
    index += (b - a) * Math.log(b / a);
  }
  return index;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
