import { z } from 'zod';
import { quantile } from '../../math/stats/bootstrap.ts';
import { defineMonitor } from './monitor-kind.ts';
import { topIds } from './movers.ts';

export const latency = defineMonitor({
  kind: 'latency',
  about: 'how long answers take',
  remedy:
    'Look at queue and inference times apart: a queue calls for another process or machine, inference for a smaller model or photo.',
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
      said: `${100 * q} % of the answers within ${value.toFixed(0)} ms`,
      movers: topIds(window, ({ latencyMs }) => latencyMs),
      details: { window: window.length, quantile: q },
    };
  },
});
