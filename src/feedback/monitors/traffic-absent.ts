import { z } from 'zod';
import { defineMonitor } from './monitor-kind.ts';

export const trafficAbsent = defineMonitor({
  kind: 'traffic-absent',
  about: 'whether requests still arrive',
  remedy:
    'Send a photo yourself ("mitate predict photo.jpg --endpoint <name>"). If that works, check the clients and the network in between.',
  parameters: z.object({ atLeast: z.int().positive().default(1) }),
  isDrift: false,
  uses: () => true,
  // an empty window is what it detects
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
