import { normalQuantile } from './normal-quantile.ts';

/** 95 % interval of a share (Wilson 1927), 0..1; [0, 1] for no data. @param count of `total` */
export function wilsonInterval(count: number, total: number, confidence = 0.95): { low: number; high: number } {
  if (total === 0) return { low: 0, high: 1 };
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const share = count / total;
  const centre = (share + (z * z) / (2 * total)) / (1 + (z * z) / total);
  const half = (z / (1 + (z * z) / total)) * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * Whether two shares differ: Fisher's exact test, two-sided (the tables that are at most as likely, as SciPy's), with the mid-p correction
 * (Lancaster 1961) when asked, which brings its false alarm rate from below alpha close to alpha.
 * @returns p, 0..1
 */
export function fisherExact(
  [a, n]: readonly [count: number, total: number],
  [b, m]: readonly [count: number, total: number],
  { midP = false } = {},
): number {
  const hits = a + b;
  const logs = logFactorials(n + m);
  const whole = logChoose(logs, n + m, hits);
  const logP = (k: number) => logChoose(logs, n, k) + logChoose(logs, m, hits - k) - whole;
  const observed = logP(a);
  let p = 0;
  for (let k = Math.max(0, hits - m); k <= Math.min(n, hits); k++) {
    const value = logP(k);
    if (value > observed + 1e-7) continue;
    const isTie = Math.abs(value - observed) <= 1e-7;
    p += Math.exp(value) * (midP && isTie ? 0.5 : 1);
  }
  return Math.min(1, p);
}

export function logFactorials(n: number): Float64Array {
  const logs = new Float64Array(n + 1);
  for (let i = 2; i <= n; i++) logs[i] = logs[i - 1]! + Math.log(i);
  return logs;
}

export function logChoose(logs: Float64Array, n: number, k: number): number {
  return logs[n]! - logs[k]! - logs[n - k]!;
}
