import { percent } from '../../codecs/percent.ts';
import type { ChangedAnswer } from '../../contracts/artifacts/reference-observation.ts';
import type { Observation } from '../../contracts/loop/monitor.ts';
import type { ChangedPhotos } from '../../math/metrics/accuracy-under-shift.ts';
import { estimatedAccuracy as estimate } from '../../math/metrics/estimated-accuracy.ts';
import { defineMonitor } from './monitor-kind.ts';
import { confidenceOf, seenLabels, topIds } from './movers.ts';
import { accuracyFloor, belowFloor, meanOf, rangeText } from './shares.ts';

/** An estimate from confidence, before labels arrive; always with its interval. */
export const estimatedAccuracy = defineMonitor({
  kind: 'estimated-accuracy',
  about: 'the accuracy estimated from confidence, without labels',
  remedy: 'Label the least confident photos ("mitate review list") to measure the accuracy.',
  parameters: accuracyFloor(0.85),
  isDrift: true,
  uses: ({ label, probabilities }) => label !== null && probabilities !== null,
  judge({ reference, window, parameters: { min }, changed = [], labels = seenLabels([...reference, ...window]) }) {
    const sample = (of: readonly Observation[]) => ({
      probabilities: of.flatMap(({ probabilities }) => probabilities!),
      answers: of.map(({ label }) => labels.indexOf(label!)),
      strange: of.map(({ outOfDistribution }) => Number(outOfDistribution)),
    });
    const [before, now] = [sample(reference), sample(window)];
    const { shares, shifted, ...accuracy } = estimate(now, before, labels.length, changedPhotos(changed, labels));
    const far = meanOf(now.strange);
    return {
      ...belowFloor(accuracy, min),
      said: `estimated accuracy ${rangeText(accuracy)}${farText(far, meanOf(before.strange), shifted)}`,
      movers: topIds(window, (each) => -confidenceOf(each)),
      details: {
        reference: reference.length,
        window: window.length,
        farFromTraining: far,
        shifted,
        shares: Object.fromEntries(labels.map((label, k) => [label, shares[k]])),
      },
    };
  },
});

/** Empty up to one point above the reference. @param shifted how far the estimate is that of changed photos, 0..1 */
function farText(share: number, usual: number, shifted: number): string {
  if (share <= usual + 0.01) return '';
  const how = shifted > 0 ? 'estimated as on photos that were changed on purpose' : 'where confidence is not reliable';
  return `; ${percent(share)} of the photos are far from the training photos, ${how}`;
}

function changedPhotos(changed: readonly ChangedAnswer[], labels: readonly string[]): ChangedPhotos[] {
  const known = changed.filter(({ answer }) => answer.probabilities.length === labels.length);
  return [...Map.groupBy(known, ({ change }) => change)].map(([kind, rows]) => ({
    kind,
    confidences: rows.map(({ answer }) => answer.probabilities[labels.indexOf(answer.label)]!),
    answers: rows.map(({ answer }) => labels.indexOf(answer.label)),
    strange: rows.map(({ answer }) => Number((answer.outOfDistributionScore ?? 0) > 1)),
    right: rows.map(({ answer }) => Number(answer.label === answer.truth)),
  }));
}
