/** Enough for the smallest alpha of a test. */
const most = 8_000;

/**
 * Enough permutations for p to reach half of alpha: n of them give p >= 1 / (1 + n), so with 1,000 a monitor at alpha 0.0005 could never raise an
 * alert.
 */
export function permutationsFor(alpha: number): number {
  return Math.min(most, Math.max(999, Math.ceil(2 / alpha)));
}
