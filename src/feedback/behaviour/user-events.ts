import { z } from 'zod';
import { percent } from '../../codecs/percent.ts';
import { userDecisions } from '../../contracts/loop/behaviour.ts';
import type { Observation } from '../../contracts/loop/monitor.ts';
import { byP, defineMonitor } from '../monitors/monitor-kind.ts';
import { confidenceOf, topIds } from '../monitors/movers.ts';
import { tolerance } from '../monitors/shares.ts';
import { compareSessionShares } from './sessions.ts';

/** Of all answered photos, by the decision that counts: an override is a wrong answer without a label. */
export const userEvents = defineMonitor({
  kind: 'user-events',
  about: 'whether users retake, override or abandon as often as before',
  remedy: 'Look at the overridden answers and label them.',
  parameters: z.object({ event: z.enum(userDecisions).default('override'), tolerance: tolerance(0.02) }),
  isDrift: true,
  uses: ({ label }) => label !== null,
  judge({ window, parameters: { event, tolerance }, alpha, ...check }) {
    const is = ({ behaviour }: Observation) => behaviour?.decision === event;
    const test = { ...check, window, alpha, worse: 'either', tolerance } as const;
    const { p, before, share, interval, counts } = compareSessionShares(test, is);
    return {
      ...byP(p, alpha),
      statistic: share,
      interval,
      said: `${percent(before)} -> ${percent(share)} ${event}`,
      movers: topIds(window, (each) => (is(each) ? confidenceOf(each) : Number.NaN)),
      details: { event, ...counts },
    };
  },
});
