const firstMs = 30_000;
const longestMs = 3_600_000;
/** With these pauses, three hours. */
export const maxAttempts = 10;

/**
 * Pause before the next attempt: 30 s doubled each time, at most an hour, +-20 % so that what failed together does not come back together.
 * @param attempts made so far, >= 1
 * @param asked by the receiver, in milliseconds; the longer wins, up to the hour
 * @param chance 0..1
 */
export function pauseMs(attempts: number, asked: number | null, chance: number): number {
  const own = Math.min(longestMs, firstMs * 2 ** (attempts - 1)) * (0.8 + 0.4 * chance);
  return Math.round(Math.min(longestMs, Math.max(own, asked ?? 0)));
}
