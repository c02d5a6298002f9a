import { z } from 'zod';
import { percent } from '../../codecs/percent.ts';
import { weightedShare } from '../../math/metrics/weighted-share.ts';
import { defineMonitor } from './monitor-kind.ts';
import { confidenceOf, topIds } from './movers.ts';

/** From labels, weighted because photos queued for review are not representative. */
export const measuredAccuracy = defineMonitor({
  kind: 'measured-accuracy',
  about: 'the share of correct answers among labelled requests',
  remedy: 'Retrain with the new labels ("mitate trigger run"), or roll back if accuracy fell with a version.',
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
      // only when the whole interval is below
      isBreach: high < min,
      statistic: value,
      p: null,
      threshold: min,
      interval: { low, high },
      said: `accuracy ${percent(value)} (${percent(low)} to ${percent(high)}) on ${window.length} labelled requests`,
      movers: topIds(window, (each) => (each.label === each.truth!.label ? Number.NaN : confidenceOf(each))),
      details: { labelled: window.length },
    };
  },
});
