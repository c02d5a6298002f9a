import { chiSquaredTail } from '../stats/chi-squared.ts';
import { jsDivergence } from './js-divergence.ts';

/**
 * Whether two rows of counts differ by more than chance: the G-test of homogeneity. G = 2 ln 2 (n + m) times the Jensen-Shannon divergence
 * weighted by the rows' sizes, against chi-squared with (columns in use - 1) degrees of freedom.
 * @param p counts; @param q counts, same length and order
 * @param alpha chance of a false alarm, 0..1
 * @param variance of the difference of two shares, in units of share (1 - share); default 1 / n + 1 / m, of rows that have nothing in common
 */
export function countsDiffer(p: readonly number[], q: readonly number[], alpha: number, variance?: number): boolean {
  const n = p.reduce((sum, count) => sum + count, 0);
  const m = q.reduce((sum, count) => sum + count, 0);
  const used = p.filter((count, i) => count + q[i]! > 0).length;
  if (n === 0 || m === 0 || used < 2 || variance === 0) return false;
  const g = 2 * Math.LN2 * (n + m) * jsDivergence(p, q, n / (n + m));
  const independent = 1 / n + 1 / m;
  return chiSquaredTail((g * independent) / (variance ?? independent), used - 1) < alpha;
}
