/** Enough for the smallest alpha of a test. */
const most = 8_000;

/**
 * Enough permutations for two windows of the smallest p, 1 / (1 + n), to be an alert: (n^0.9 / 10)^2 reaches 36.5 / alpha (see
 * `alarm-policy.ts`); below an alpha of 0.00034, three windows.
 */
export function permutationsFor(alpha: number): number {
  return Math.min(most, Math.max(999, Math.ceil((3650 / alpha) ** (5 / 9))));
}
