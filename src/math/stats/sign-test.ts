import { logChoose, logFactorials } from './proportion.ts';

/**
 * McNemar's test in its exact form: of the photos on which one of two models is right and the other is wrong, as many or more are the first one's,
 * if each were a coin's toss.
 * @returns p, one-sided, 0..1; 1 for none
 */
export function signTest(first: number, second: number): number {
  const total = first + second;
  const logs = logFactorials(total);
  let p = 0;
  for (let k = first; k <= total; k++) p += Math.exp(logChoose(logs, total, k) - total * Math.LN2);
  return Math.min(1, p);
}
