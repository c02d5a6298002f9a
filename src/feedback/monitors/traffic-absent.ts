import { z } from 'zod';
import { defineMonitor } from './monitor-kind.ts';

/** Silence is not health. */
export const trafficAbsent = defineMonitor({
  kind: 'traffic-absent',
  about: 'whether requests still arrive',
  remedy:
    'Send a photo yourself ("mitate predict photo.jpg --endpoint <name>"); if it is answered, the clients or the network in between are silent.',
  parameters: z.object({ atLeast: z.int().positive().default(1) }),
  isDrift: false,
  uses: () => true,
  // nothing is what it looks for
  fewest: 0,
  judge({ window, counts, parameters: { atLeast } }) {
    const requests = counts?.requests ?? window.length;
    return {
      isBreach: requests < atLeast,
      statistic: requests,
      p: null,
      threshold: atLeast,
      interval: null,
      said: `${requests} requests in the window`,
      movers: [],
      details: { window: requests },
    };
  },
});
