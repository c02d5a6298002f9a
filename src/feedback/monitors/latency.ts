import { z } from 'zod';
import { percent } from '../../codecs/percent.ts';
import { quantile } from '../../math/stats/bootstrap.ts';
import { defineMonitor } from './monitor-kind.ts';
import { topIds } from './movers.ts';

export const latency = defineMonitor({
  kind: 'latency',
  about: 'the response time',
  remedy:
    'Compare queue and inference times: for queueing add a process or machine, for inference use a smaller model or photo.',
  parameters: z.object({
    quantile: z.number().gt(0).lt(1).default(0.99),
    maxMs: z.number().positive().default(1_000),
  }),
  isDrift: false,
  uses: ({ status }) => status < 400,
  judge({ window, parameters: { quantile: q, maxMs } }) {
    const value = quantile(Float64Array.from(window, ({ latencyMs }) => latencyMs).sort(), q);
    return {
      isBreach: value > maxMs,
      statistic: value,
      p: null,
      threshold: maxMs,
      interval: null,
      said: `${percent(q)} of the requests within ${value.toFixed(0)} ms`,
      movers: topIds(window, ({ latencyMs }) => latencyMs),
      details: { window: window.length, quantile: q },
    };
  },
});
