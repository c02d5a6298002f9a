/** Enough for the smallest alpha of a test. */
const most = 8_000;

/**
 * Enough permutations for p to reach a sixth of alpha: n of them give p >= 1 / (1 + n), and two windows of that p are an alert (see
 * `alarm-policy.ts`).
 */
export function permutationsFor(alpha: number): number {
  return Math.min(most, Math.max(999, Math.ceil(6 / alpha)));
}
