import { z } from 'zod';
import type { Observation } from '../../contracts/monitor.ts';
import { estimatedAccuracy as estimate } from '../../math/metrics/estimated-accuracy.ts';
import { defineMonitor } from './monitor-kind.ts';
import { topIds } from './movers.ts';
import { percentText } from './shares.ts';

/** Before labels come back: what the confidence of the answers says, never without its interval. */
export const estimatedAccuracy = defineMonitor({
  kind: 'estimated-accuracy',
  about: 'the accuracy that the confidence of the answers stands for, without labels',
  remedy: 'Label the least confident photos ("mitate queue list"): an estimate is no measurement.',
  parameters: z.object({
    /** 0..1. */
    min: z.number().min(0).max(1).default(0.85),
  }),
  isDrift: true,
  uses: ({ label, probabilities, atMs, truth }) =>
    label !== null && probabilities !== null && (atMs > 0 || truth !== null),
  judge({ reference, window, parameters: { min } }) {
    const labels = [...new Set(reference.flatMap(({ truth, label }) => [truth!.label, label!]))].sort();
    const sample = (of: readonly Observation[]) => ({
      probabilities: of.flatMap(({ probabilities }) => probabilities!),
      answers: of.map(({ label }) => labels.indexOf(label!)),
    });
    const targets = reference.map(({ truth }) => labels.indexOf(truth!.label));
    const { value, low, high, shares } = estimate(sample(window), sample(reference), targets, labels.length);
    return {
      isBreach: high < min,
      statistic: value,
      p: null,
      threshold: min,
      interval: { low, high },
      said: `estimated accuracy ${percentText(value)} (${percentText(low)} to ${percentText(high)})`,
      movers: topIds(window, ({ score }) => -Math.abs(score! - 0.5)),
      details: {
        reference: reference.length,
        window: window.length,
        shares: Object.fromEntries(labels.map((label, k) => [label, shares[k]])),
      },
    };
  },
});
