import { z } from 'zod';
import type { MonitorKind, Observation } from '../../contracts/loop/monitor.ts';
import { byP, defineMonitor, type MonitorDefinition } from './monitor-kind.ts';
import { topIds } from './movers.ts';
import { compareShares, percentText } from './shares.ts';

interface Share {
  kind: MonitorKind;
  about: string;
  remedy: string;
  /** Of an observation: does it count into the share? */
  is: (observation: Observation) => boolean;
  /** After "x % -> y %". */
  said: string;
  /** Which observations are asked. Default: the answered ones. */
  of?: (observation: Observation) => boolean;
  /** Which of them are shown first: the highest. Default: those furthest from the training photos. */
  worth?: (observation: Observation) => number;
}

/** Watches a share of the observations against the reference's share. */
export function shareMonitor({
  is,
  said,
  of = ({ label }) => label !== null,
  worth = ({ outOfDistributionScore }) => outOfDistributionScore ?? 0,
  ...rest
}: Share): MonitorDefinition<Record<string, never>> {
  return defineMonitor({
    ...rest,
    parameters: z.object({}),
    isDrift: true,
    uses: of,
    judge({ reference, window, alpha }) {
      const { p, before, share, interval, counts } = compareShares(reference, window, is);
      return {
        ...byP(p, alpha),
        statistic: share,
        interval,
        said: `${percentText(before)} -> ${percentText(share)} ${said}`,
        movers: topIds(window, (each) => (is(each) ? worth(each) : Number.NaN)),
        details: counts,
      };
    },
  });
}
