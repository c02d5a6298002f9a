export interface KsTest {
  /** Largest difference of the empirical distribution functions, 0..1. */
  statistic: number;
  /** Probability of a statistic at least as large when both samples have the same continuous distribution, 0..1. Conservative with ties. */
  p: number;
}

/** Above it (2,000 x 10,000) the limit distribution is used: the exact one takes n x m steps, here 60 ms. */
const exactSteps = 2e7;

/**
 * Two-sample Kolmogorov-Smirnov test, two-sided.
 * @param a,b real numbers in any order, at least one each
 * @param tolerance tests whether the distributions' distance exceeds this, 0..1: a sample's distance is at most theirs plus chance
 * @throws RangeError when a sample is empty or holds NaN
 */
export function ksTest(a: ArrayLike<number>, b: ArrayLike<number>, tolerance = 0): KsTest {
  const [n, m] = [a.length, b.length];
  if (n === 0 || m === 0) throw new RangeError('a sample is empty');
  const [first, second] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  // NaN sorts last and equals nothing: the merge would never end.
  if (Number.isNaN(first[n - 1]) || Number.isNaN(second[m - 1])) throw new RangeError('a sample holds NaN');
  const steps = ksSteps(first, second);
  const statistic = steps / (n * m);
  const beyond = steps - Math.floor(tolerance * n * m);
  if (beyond <= 0) return { statistic, p: 1 };
  const p = n * m <= exactSteps ? exactP(n, m, beyond) : kolmogorov(beyond / Math.sqrt(n * m * (n + m)));
  return { statistic, p };
}

/** The distance in whole steps of 1 / (n m). @param a,b sorted */
function ksSteps(a: Float64Array, b: Float64Array): number {
  const [n, m] = [a.length, b.length];
  let [i, j, largest] = [0, 0, 0];
  while (i < n && j < m) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < n && a[i]! === value) i++;
    while (j < m && b[j]! === value) j++;
    largest = Math.max(largest, Math.abs(i * m - j * n));
  }
  return largest;
}

/** Share of lattice paths that deviate at least so far from the diagonal (Hodges 1958), rescaled against overflow. */
function exactP(n: number, m: number, steps: number): number {
  const inside = (i: number, j: number) => Math.abs(i * m - j * n) < steps;
  const row = Float64Array.from({ length: m + 1 }, (_, j) => (inside(0, j) ? 1 : 0));
  for (let j = 1; j <= m; j++) row[j]! *= row[j - 1]!;
  for (let i = 1; i <= n; i++) {
    const scale = i / (i + m);
    row[0] = inside(i, 0) ? row[0]! * scale : 0;
    for (let j = 1; j <= m; j++) row[j] = inside(i, j) ? scale * row[j]! + row[j - 1]! : 0;
  }
  return Math.min(1, Math.max(0, 1 - row[m]!));
}

/** Survival function of Kolmogorov's limit distribution, x >= 0 (Kolmogorov 1933); below 1 by its theta transform. */
export function kolmogorov(x: number): number {
  if (x <= 0) return 1;
  if (x < 1) {
    const base = Math.exp(-(Math.PI ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * (base + base ** 9 + base ** 25);
  }
  let sum = 0;
  for (let k = 1; k <= 8; k++) sum += (k % 2 ? 1 : -1) * Math.exp(-2 * (k * x) ** 2);
  return 2 * sum;
}
