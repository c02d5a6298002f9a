import { z } from 'zod';
import type { Observation } from '../../contracts/loop/monitor.ts';
import { estimatedAccuracy as estimate } from '../../math/metrics/estimated-accuracy.ts';
import { defineMonitor } from './monitor-kind.ts';
import { confidenceOf, topIds } from './movers.ts';
import { meanOf, percentText } from './shares.ts';

/** Before labels come back: what the confidence of the answers says, never without its interval. */
export const estimatedAccuracy = defineMonitor({
  kind: 'estimated-accuracy',
  about: 'the accuracy that the confidence of the answers stands for, without labels',
  remedy: 'Label the least confident photos ("mitate review list"): an estimate is no measurement.',
  parameters: z.object({
    /** 0..1. */
    min: z.number().min(0).max(1).default(0.85),
  }),
  isDrift: true,
  uses: ({ label, probabilities }) => label !== null && probabilities !== null,
  judge({ reference, window, parameters: { min }, labels = seenLabels([...reference, ...window]) }) {
    const sample = (of: readonly Observation[]) => ({
      probabilities: of.flatMap(({ probabilities }) => probabilities!),
      answers: of.map(({ label }) => labels.indexOf(label!)),
      strange: of.map(({ outOfDistribution }) => Number(outOfDistribution)),
    });
    const [before, now] = [sample(reference), sample(window)];
    const { value, low, high, shares } = estimate(now, before, labels.length);
    const far = meanOf(now.strange);
    return {
      isBreach: high < min,
      statistic: value,
      p: null,
      threshold: min,
      interval: { low, high },
      said: `estimated accuracy ${percentText(value)} (${percentText(low)} to ${percentText(high)})${aboutFar(far, meanOf(before.strange))}`,
      movers: topIds(window, (each) => -confidenceOf(each)),
      details: {
        reference: reference.length,
        window: window.length,
        farFromTraining: far,
        shares: Object.fromEntries(labels.map((label, k) => [label, shares[k]])),
      },
    };
  },
});

/** Nothing where it is as usual, to a point. */
function aboutFar(share: number, usual: number): string {
  if (share <= usual + 0.01) return '';
  return `; ${percentText(share)} of the photos are far from the training photos, of which confidence says nothing`;
}

function seenLabels(observations: readonly Observation[]): string[] {
  const said = observations.flatMap(({ label, truth }) => [label!, ...(truth?.label ? [truth.label] : [])]);
  return [...new Set(said)].sort();
}
