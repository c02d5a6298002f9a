/**
 * Share of a histogram outside [min, max]. Exact when both are edges; within a bin, values are assumed to be uniform. The outermost bins are
 * open, so a bound beyond them leaves nothing outside.
 * @param edges n + 1 ascending edges of n bins
 * @returns 0..1
 */
export function shareOutside(histogram: readonly number[], edges: readonly number[], min: number, max: number): number {
  let [all, inside] = [0, 0];
  for (const [i, count] of histogram.entries()) {
    const [low, high] = [edges[i]!, edges[i + 1]!];
    all += count;
    inside += count * Math.max(0, (Math.min(high, max) - Math.max(low, min)) / (high - low));
  }
  return all === 0 ? 0 : 1 - inside / all;
}
