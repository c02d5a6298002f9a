import { z } from 'zod';
import { ksTest } from '../../math/drift/ks-test.ts';
import { byP, defineMonitor } from './monitor-kind.ts';
import { pulledMean } from './movers.ts';
import { meanOf } from './shares.ts';

/** Where the model looks: its attention at the photo's border, and how spread it is. Of the requests for which a heat map was drawn. */
export const heatMapDrift = defineMonitor({
  kind: 'heat-map-drift',
  about: 'whether the model looks where it used to',
  remedy: 'Open the heat maps: attention at the border means that the background answers, not the leaf.',
  parameters: z.object({}),
  isDrift: true,
  uses: ({ attention }) => attention !== null,
  judge({ reference, window, alpha }) {
    const tests = (['border', 'entropy'] as const).map((name) => {
      const [before, now] = [reference, window].map((of) => Float64Array.from(of, (each) => each.attention![name]));
      return { name, ...ksTest(before!, now!), before: meanOf(before!), now: meanOf(now!) };
    });
    const most = tests.reduce((top, test) => (test.p < top.p ? test : top));
    return {
      ...byP(Math.min(1, most.p * tests.length), alpha),
      statistic: most.statistic,
      interval: null,
      said: `${most.name === 'border' ? 'attention at the border' : 'spread of attention'} ${most.before.toFixed(3)} -> ${most.now.toFixed(3)}`,
      movers: pulledMean(window, [most.before, most.now], ({ attention }) => attention![most.name]),
      details: { reference: reference.length, window: window.length, tests },
    };
  },
});
