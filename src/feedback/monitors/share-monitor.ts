import { z } from 'zod';
import { percent } from '../../codecs/percent.ts';
import type { MonitorKind, Observation } from '../../contracts/loop/monitor.ts';
import { byP, defineMonitor, type MonitorDefinition } from './monitor-kind.ts';
import { topIds } from './movers.ts';
import { compareShares, tolerance } from './shares.ts';

interface Share {
  kind: MonitorKind;
  about: string;
  remedy: string;
  /** Whether an observation counts towards the share. */
  is: (observation: Observation) => boolean;
  /** Text after "x % -> y %". */
  unit: string;
  /** Observations that are used. Default: those with an answer. */
  of?: (observation: Observation) => boolean;
  /** Orders the photos beside an alert, highest first. Default: distance from the training photos. */
  worth?: (observation: Observation) => number;
}

export function shareMonitor({
  is,
  unit,
  of = ({ label }) => label !== null,
  worth = ({ outOfDistributionScore }) => outOfDistributionScore ?? 0,
  ...rest
}: Share): MonitorDefinition<{ tolerance: number }> {
  return defineMonitor({
    ...rest,
    parameters: z.object({ tolerance: tolerance(0.02) }),
    isDrift: true,
    uses: of,
    judge({ reference, window, parameters, alpha }) {
      const { p, before, share, interval, counts } = compareShares(reference, window, is, parameters.tolerance);
      return {
        ...byP(p, alpha),
        statistic: share,
        interval,
        said: `${percent(before)} -> ${percent(share)} ${unit}`,
        movers: topIds(window, (each) => (is(each) ? worth(each) : Number.NaN)),
        details: counts,
      };
    },
  });
}
