import { z } from 'zod';
import { percent } from '../../codecs/percent.ts';
import type { PhotoBehaviour } from '../../contracts/loop/behaviour.ts';
import type { MonitorKind } from '../../contracts/loop/monitor.ts';
import { byP, defineMonitor, type MonitorDefinition } from '../monitors/monitor-kind.ts';
import { confidenceOf, topIds } from '../monitors/movers.ts';
import { tolerance } from '../monitors/shares.ts';
import { compareSessionShares } from './sessions.ts';

interface Rate {
  kind: MonitorKind;
  about: string;
  remedy: string;
  /** Photos that the share is of. */
  of: (behaviour: PhotoBehaviour) => boolean;
  is: (behaviour: PhotoBehaviour) => boolean;
  /** The change that is a breach; the other one never is. */
  worse: 'lower' | 'higher';
  /** Text after "x % -> y %". */
  unit: string;
}

/** A share of the photos with events, over sessions, against the version's first days. */
function rateMonitor({ of, is, worse, unit, ...rest }: Rate): MonitorDefinition<{ tolerance: number }> {
  return defineMonitor({
    ...rest,
    parameters: z.object({ tolerance: tolerance(0.02) }),
    isDrift: true,
    uses: ({ behaviour }) => behaviour !== undefined && of(behaviour),
    judge({ parameters: { tolerance }, ...check }) {
      const found = compareSessionShares({ ...check, worse, tolerance }, ({ behaviour }) => is(behaviour!));
      const { p, before, share, interval, counts } = found;
      const isBad = (behaviour: PhotoBehaviour) => is(behaviour) === (worse === 'higher');
      return {
        ...byP(p, check.alpha),
        statistic: share,
        interval,
        said: `${percent(before)} -> ${percent(share)} ${unit}`,
        movers: topIds(check.window, (each) => (isBad(each.behaviour!) ? confidenceOf(each) : Number.NaN)),
        details: counts,
      };
    },
  });
}

export const acceptance = rateMonitor({
  kind: 'acceptance',
  about: 'whether users accept answers that they see as often as before',
  remedy: 'Look at the answers that were not accepted and label them; roll back if it fell with a version.',
  of: ({ seen }) => seen,
  is: ({ decision }) => decision === 'accept',
  worse: 'lower',
  unit: 'accepted',
});

export const abandonment = rateMonitor({
  kind: 'abandonment',
  about: 'whether users give up more often than before',
  remedy: 'Check response times and refusals, and what changed in the app; roll back if it rose with a version.',
  of: ({ seen }) => seen,
  is: ({ decision }) => decision === 'abandon',
  worse: 'higher',
  unit: 'abandoned',
});

export const outcome = rateMonitor({
  kind: 'outcome',
  about: 'whether what was done after an answer helps as often as before',
  remedy: 'Compare the answers with what helped: either answers became wrong, or the treatment no longer works.',
  of: (behaviour) => behaviour.outcome !== null,
  is: (behaviour) => behaviour.outcome === 'helped',
  worse: 'lower',
  unit: 'helped',
});
