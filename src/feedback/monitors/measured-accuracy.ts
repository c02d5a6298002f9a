import { z } from 'zod';
import { weightedShare } from '../../math/metrics/weighted-share.ts';
import { defineMonitor } from './monitor-kind.ts';
import { confidenceOf, topIds } from './movers.ts';
import { percentText } from './shares.ts';

/** From labels that came back, weighted so that what was queued for review does not stand for all. */
export const measuredAccuracy = defineMonitor({
  kind: 'measured-accuracy',
  about: 'the share of right answers among labelled requests',
  remedy: 'Start a retraining with the new labels ("mitate trigger run"), or roll back if it fell with a version.',
  parameters: z.object({
    /** 0..1. */
    min: z.number().min(0).max(1).default(0.9),
  }),
  isDrift: false,
  uses: ({ truth, label }) => truth !== null && truth.weight > 0 && label !== null,
  judge({ window, parameters: { min } }) {
    const hits = window.map(({ label, truth }) => (label === truth!.label ? 1 : 0));
    const { value, low, high } = weightedShare(
      hits,
      window.map(({ truth }) => truth!.weight),
    );
    return {
      // only when the interval leaves no doubt
      isBreach: high < min,
      statistic: value,
      p: null,
      threshold: min,
      interval: { low, high },
      said: `accuracy ${percentText(value)} (${percentText(low)} to ${percentText(high)}) of ${window.length} labelled`,
      movers: topIds(window, (each) => (each.label === each.truth!.label ? Number.NaN : confidenceOf(each))),
      details: { labelled: window.length },
    };
  },
});
