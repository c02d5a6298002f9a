import { z } from 'zod';
import type { Observation } from '../../contracts/loop/monitor.ts';
import { sessionMean } from '../../math/stats/session-ratio.ts';
import { byP, defineMonitor } from '../monitors/monitor-kind.ts';
import { pulledMean } from '../monitors/movers.ts';
import { sessionChange, sessionSums } from './sessions.ts';

const logMs = ({ behaviour }: Observation) => Math.log(Math.max(1, behaviour!.decisionMs!));
const seconds = (log: number) => Math.exp(log) / 1_000;

/** Geometric mean: one user who went for lunch does not move it. */
export const timeToDecision = defineMonitor({
  kind: 'time-to-decision',
  about: 'whether users decide as fast as before: slower when in doubt, faster when they no longer look',
  remedy: 'Look at the slowest decisions; ask what changed in the app, and whether users still check the answers.',
  parameters: z.object({}),
  isDrift: true,
  uses: ({ behaviour }) => typeof behaviour?.decisionMs === 'number',
  judge({ reference, window, ...check }) {
    const p = sessionChange(reference, window, logMs, { ...check, worse: 'either' });
    const [was, now] = [sessionMean(sessionSums(reference, logMs)), sessionMean(sessionSums(window, logMs))];
    return {
      ...byP(p, check.alpha),
      statistic: seconds(now.value),
      interval: now.low === null ? null : { low: seconds(now.low), high: seconds(now.high!) },
      said: `time to decision ${seconds(was.value).toFixed(1)} s -> ${seconds(now.value).toFixed(1)} s`,
      movers: pulledMean(window, [was.value, now.value], logMs),
      details: { reference: reference.length, window: window.length },
    };
  },
});
