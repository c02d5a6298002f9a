import { percent } from '../../codecs/percent.ts';
import type { Observation } from '../../contracts/loop/monitor.ts';
import { estimatedAccuracy as estimate } from '../../math/metrics/estimated-accuracy.ts';
import { defineMonitor } from './monitor-kind.ts';
import { confidenceOf, topIds } from './movers.ts';
import { accuracyFloor, belowFloor, meanOf, rangeText } from './shares.ts';

/** An estimate from confidence, before labels arrive; always with its interval. */
export const estimatedAccuracy = defineMonitor({
  kind: 'estimated-accuracy',
  about: 'the accuracy estimated from confidence, without labels',
  remedy: 'Label the least confident photos ("mitate review list") to measure the accuracy.',
  parameters: accuracyFloor(0.85),
  isDrift: true,
  uses: ({ label, probabilities }) => label !== null && probabilities !== null,
  judge({ reference, window, parameters: { min }, labels = seenLabels([...reference, ...window]) }) {
    const sample = (of: readonly Observation[]) => ({
      probabilities: of.flatMap(({ probabilities }) => probabilities!),
      answers: of.map(({ label }) => labels.indexOf(label!)),
      strange: of.map(({ outOfDistribution }) => Number(outOfDistribution)),
    });
    const [before, now] = [sample(reference), sample(window)];
    const { shares, ...accuracy } = estimate(now, before, labels.length);
    const far = meanOf(now.strange);
    return {
      ...belowFloor(accuracy, min),
      said: `estimated accuracy ${rangeText(accuracy)}${farText(far, meanOf(before.strange))}`,
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

/** Empty up to one point above the reference. */
function farText(share: number, usual: number): string {
  if (share <= usual + 0.01) return '';
  return `; ${percent(share)} of the photos are far from the training photos, where confidence is not reliable`;
}

function seenLabels(observations: readonly Observation[]): string[] {
  const seen = observations.flatMap(({ label, truth }) => [label!, ...(truth?.label ? [truth.label] : [])]);
  return [...new Set(seen)].sort();
}
