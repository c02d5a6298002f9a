import { z } from 'zod';
import { percent } from '../../codecs/percent.ts';
import { wilsonInterval } from '../../math/stats/proportion.ts';
import { defineMonitor } from './monitor-kind.ts';
import { topIds } from './movers.ts';

/** The original system's monitor with its defaults: 10 days, share of scores above 0.5, |difference| > 0.3. */
export const positiveRate = defineMonitor({
  kind: 'positive-rate',
  about: 'the share of positive answers against a baseline',
  remedy: 'Find out whether the plants changed (a disease spreads) or only the photos did; label some of both.',
  parameters: z.object({
    /** 0..1. */
    baseline: z.number().min(0).max(1).default(0.628),
    /** Largest difference that is no breach, 0..1. */
    tolerance: z.number().min(0).max(1).default(0.3),
    /** Scores above it are positive. */
    above: z.number().min(0).max(1).default(0.5),
  }),
  isDrift: false,
  uses: ({ score }) => score !== null,
  judge({ window, counts, parameters: { baseline, tolerance, above } }) {
    const count = counts?.positive ?? window.filter(({ score }) => score! > above).length;
    const total = counts?.scored ?? window.length;
    const rate = count / total;
    const sign = Math.sign(rate - baseline);
    return {
      // 0.928 - 0.628 is 0.30000000000000004
      isBreach: Math.abs(rate - baseline) > tolerance + 1e-12,
      statistic: rate,
      p: null,
      threshold: tolerance,
      interval: wilsonInterval(count, total),
      said: `positive answers ${percent(rate)}, baseline ${percent(baseline)}`,
      movers: topIds(window, ({ score }) => sign * (score! - baseline)),
      details: { count, window: total, baseline, above },
    };
  },
});
