const firstMs = 1000;
const longestMs = 60_000;

/** Milliseconds before attempt `n + 1`: 1 s, 2 s, 4 s ... 60 s, times 0.5..1.5, so that steps that failed together do not retry together. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return Math.min(longestMs, firstMs * 2 ** (attempt - 1)) * (0.5 + random());
}
