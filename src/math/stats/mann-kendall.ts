/**
 * Whether a series rises or falls: Mann-Kendall (Mann 1945), exact over all orders of the values; with ties too cautious.
 * @param values in their order in time; at most 200
 * @returns `rise`: of all pairs, those that rise less those that fall, -1..1; p: two-sided, 0..1; 1 for fewer than two values
 */
export function mannKendall(values: readonly number[]): { rise: number; p: number } {
  const n = values.length;
  const pairs = (n * (n - 1)) / 2;
  if (pairs === 0) return { rise: 0, p: 1 };
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) sum += Math.sign(values[j]! - values[i]!);
  const atMost = Math.floor((pairs - Math.abs(sum)) / 2);
  const tail = inversions(n).reduce((total, share, count) => (count <= atMost ? total + share : total), 0);
  return { rise: sum / pairs, p: Math.min(1, 2 * tail) };
}

/** Share of the orders of n values with each number of inversions, [n (n - 1) / 2 + 1] (Kendall 1938). */
function inversions(n: number): Float64Array {
  let shares = Float64Array.of(1);
  for (let size = 2; size <= n; size++) {
    const next = new Float64Array((size * (size - 1)) / 2 + 1);
    let window = 0;
    for (let count = 0; count < next.length; count++) {
      window += (shares[count] ?? 0) - (shares[count - size] ?? 0);
      next[count] = window / size;
    }
    shares = next;
  }
  return shares;
}
