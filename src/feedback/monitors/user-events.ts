import { z } from 'zod';
import { percent } from '../../codecs/percent.ts';
import { userEvents as names } from '../../contracts/loop/feedback.ts';
import { byP, defineMonitor } from './monitor-kind.ts';
import { confidenceOf, topIds } from './movers.ts';
import { compareShares, tolerance } from './shares.ts';

/** Events from the app: an override is a wrong answer without a label. */
export const userEvents = defineMonitor({
  kind: 'user-events',
  about: 'whether users retake, override or abandon as often as before',
  remedy: 'Look at the overridden answers and label them.',
  parameters: z.object({ event: z.enum(names).default('override'), tolerance: tolerance(0.02) }),
  isDrift: true,
  uses: ({ label }) => label !== null,
  judge({ reference, window, parameters: { event, tolerance }, alpha }) {
    const { p, before, share, interval, counts } = compareShares(
      reference,
      window,
      ({ events }) => events.includes(event),
      tolerance,
    );
    return {
      ...byP(p, alpha),
      statistic: share,
      interval,
      said: `${percent(before)} -> ${percent(share)} ${event}`,
      movers: topIds(window, (each) => (each.events.includes(event) ? confidenceOf(each) : Number.NaN)),
      details: { event, ...counts },
    };
  },
});
