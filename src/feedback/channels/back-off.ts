const firstMs = 30_000;
const longestMs = 3_600_000;
/** Three hours with these pauses. */
export const maxAttempts = 10;

/**
 * Pause before the next attempt: 30 s, doubled each time up to an hour, with 20 % jitter.
 * @param attempts made so far, >= 1
 * @param asked the receiver's Retry-After in milliseconds; the longer pause wins, up to an hour
 * @param chance 0..1
 */
export function pauseMs(attempts: number, asked: number | null, chance: number): number {
  const own = Math.min(longestMs, firstMs * 2 ** (attempts - 1)) * (0.8 + 0.4 * chance);
  return Math.round(Math.min(longestMs, Math.max(own, asked ?? 0)));
}
