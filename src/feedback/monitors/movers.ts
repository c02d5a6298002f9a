import type { Observation } from '../../contracts/loop/monitor.ts';

/** Photos shown beside an alert. */
const shown = 12;

/** Probability of the answer, 0..1. */
export function confidenceOf({ probabilities, score }: Observation): number {
  return probabilities ? Math.max(...probabilities) : (score ?? 0);
}

/** Probability of the answer that was given, 0..1: below another's where a threshold decided. @param labels in the order of `probabilities` */
export function answerConfidence({ probabilities, label }: Observation, labels: readonly string[]): number {
  return probabilities![labels.indexOf(label!)] ?? 0;
}

/** Those answered and those that labels say, sorted as `probabilities` are. */
export function seenLabels(observations: readonly Observation[]): string[] {
  const seen = observations.flatMap(({ label, truth }) => [label!, ...(truth?.label ? [truth.label] : [])]);
  return [...new Set(seen)].sort();
}

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

/** Ids of the observations that moved a mean furthest in its direction. */
export function pulledMean(
  window: readonly Observation[],
  [was, is]: readonly [number, number],
  measured: (observation: Observation) => number | null,
): string[] {
  const sign = Math.sign(is - was);
  return topIds(window, (observation) => sign * ((measured(observation) ?? Number.NaN) - was));
}
