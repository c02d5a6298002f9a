import { z } from 'zod';
import { percent } from '../../codecs/percent.ts';
import { wilsonInterval } from '../../math/stats/proportion.ts';
import { defineMonitor } from './monitor-kind.ts';
import { topIds } from './movers.ts';

/** Server errors (5xx); client errors do not count. */
export const errorRate = defineMonitor({
  kind: 'error-rate',
  about: 'the share of requests that the service failed to answer',
  remedy: 'Check the error codes in the request log ("mitate log list"), and roll back if they started with a version.',
  parameters: z.object({
    /** 0..1. */
    max: z.number().min(0).max(1).default(0.01),
  }),
  isDrift: false,
  uses: ({ status }) => status < 400 || status >= 500,
  judge({ window, counts, parameters: { max } }) {
    const failed = counts?.failed ?? window.filter(({ status }) => status >= 500).length;
    const total = counts?.served ?? window.length;
    const interval = wilsonInterval(failed, total);
    return {
      // the whole interval: one failure in ten requests is no breach
      isBreach: interval.low > max,
      statistic: failed / total,
      p: null,
      threshold: max,
      interval,
      said: `${failed} of ${total} requests failed (${percent(failed / total)})`,
      movers: topIds(window, ({ status, atMs }) => (status >= 500 ? atMs : Number.NaN)),
      details: { failed, window: total },
    };
  },
});
