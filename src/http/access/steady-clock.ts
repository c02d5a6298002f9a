/** Milliseconds since 1970, never going back: what has ended stays ended when the machine's clock is set back. */
export function steadyClock(): () => number {
  let latestMs = 0;
  let atMs = 0;
  return () => {
    const sinceMs = performance.now() - atMs;
    atMs += sinceMs;
    latestMs = Math.max(Date.now(), latestMs + sinceMs);
    return latestMs;
  };
}
