import { z } from 'zod';
import { userEvents as names } from '../../contracts/loop/feedback.ts';
import { byP, defineMonitor } from './monitor-kind.ts';
import { confidenceOf, topIds } from './movers.ts';
import { compareShares, percentText } from './shares.ts';

/** What people do with answers: an override is a wrong answer that nobody labelled. */
export const userEvents = defineMonitor({
  kind: 'user-events',
  about: 'whether people retake, override or abandon as often as before',
  remedy: 'Look at the answers that were overridden, and label them.',
  parameters: z.object({ event: z.enum(names).default('override') }),
  isDrift: true,
  uses: ({ label }) => label !== null,
  judge({ reference, window, parameters: { event }, alpha }) {
    const { p, before, share, interval, counts } = compareShares(reference, window, ({ events }) =>
      events.includes(event),
    );
    return {
      ...byP(p, alpha),
      statistic: share,
      interval,
      said: `${percentText(before)} -> ${percentText(share)} ${event}`,
      movers: topIds(window, (each) => (each.events.includes(event) ? confidenceOf(each) : Number.NaN)),
      details: { event, ...counts },
    };
  },
});
