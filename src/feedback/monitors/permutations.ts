/** Of the finest alpha that a test is given. */
const most = 8_000;

/**
 * So many permutations that p can fall to half of alpha: with n of them it cannot fall below 1 / (1 + n), and at 1,000 a monitor with alpha
 * 0.0005 could never alarm.
 */
export function permutationsFor(alpha: number): number {
  return Math.min(most, Math.max(999, Math.ceil(2 / alpha)));
}
