import type { Observation } from '../../contracts/monitor.ts';

/** How many are shown beside an alert. */
const shown = 12;

/** Ids of the observations that score highest, highest first. */
export function topIds(
  window: readonly Observation[],
  scoreOf: (observation: Observation, index: number) => number,
): string[] {
  return window
    .map((observation, i) => ({ id: observation.id, score: scoreOf(observation, i) }))
    .filter(({ score }) => Number.isFinite(score))
    .sort((a, b) => b.score - a.score)
    .slice(0, shown)
    .map(({ id }) => id);
}

/** Those that pulled a mean the way it went. */
export function pulledMean(
  window: readonly Observation[],
  [was, is]: readonly [number, number],
  valueOf: (observation: Observation) => number | null,
): string[] {
  const sign = Math.sign(is - was);
  return topIds(window, (observation) => sign * ((valueOf(observation) ?? Number.NaN) - was));
}
