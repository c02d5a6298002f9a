import { logChoose, logFactorials } from './proportion.ts';

/**
 * Exact McNemar test: of the photos on which exactly one of two models is right, the probability that the first model has at least this many
 * by a fair coin toss.
 * @returns p, one-sided, 0..1; 1 for none
 */
export function signTest(first: number, second: number): number {
  const total = first + second;
  const logs = logFactorials(total);
  let p = 0;
  for (let k = first; k <= total; k++) p += Math.exp(logChoose(logs, total, k) - total * Math.LN2);
  return Math.min(1, p);
}
