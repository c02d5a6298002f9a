import type { MonitorKind } from '../../contracts/loop/monitor.ts';
import { quantile } from '../../math/stats/bootstrap.ts';
import type { MonitorStore } from '../../store/monitors/contract.ts';

/** Null distribution of a statistic. */
export interface UsualStatistic {
  median: number;
  /** 95th percentile. */
  high: number;
  /** Sample size. */
  draws: number;
}

interface Tested {
  /** `ReferenceRead.key`. */
  reference: string;
  kind: MonitorKind;
  parameters: unknown;
  /** Observations of the window. */
  size: number;
}

/** Enough for a stable 95th percentile. */
const most = 2_000;
/** Null distributions are stored for window sizes in steps of sqrt(2): the spread differs by a fifth between two. */
const steps = (size: number) => Math.round(2 ** (Math.round(2 * Math.log2(size)) / 2));

/** Adds a test's null statistics to the stored distribution of its reference and window size. */
export async function usualOf(
  { reference, kind, parameters, size }: Tested,
  nullStatistics: readonly number[],
  { monitors, now }: { monitors: Pick<MonitorStore, 'getNull' | 'putNull'>; now: Date },
): Promise<UsualStatistic> {
  const key = { reference, kind, parameters: JSON.stringify(parameters), size: steps(size) };
  const known = (await monitors.getNull(key)) ?? new Float64Array();
  const all = Float64Array.from([...known, ...nullStatistics.slice(0, Math.max(0, most - known.length))]).sort();
  if (all.length > known.length) await monitors.putNull(key, all, now);
  return { median: quantile(all, 0.5), high: quantile(all, 0.95), draws: all.length };
}
