/** The most that a test may need; with `n` of them p cannot fall below 1 / (1 + n). */
const most = 20_000;

/** So many permutations that p can fall to a fifth of alpha: at 1,000 of them a monitor with alpha 0.0005 could never alarm. */
export function permutationsFor(alpha: number): number {
  return Math.min(most, Math.max(999, Math.ceil(5 / alpha)));
}
