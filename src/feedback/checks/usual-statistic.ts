import type { MonitorKind } from '../../contracts/loop/monitor.ts';
import { quantile } from '../../math/stats/bootstrap.ts';
import type { MonitorStore } from '../../store/monitors/contract.ts';

/** What a statistic is without a change. */
export interface UsualStatistic {
  median: number;
  /** One in twenty is above it. */
  high: number;
  /** Behind these numbers. */
  draws: number;
}

interface Tested {
  /** Digest. */
  reference: string;
  kind: MonitorKind;
  parameters: unknown;
  /** Observations of the window. */
  size: number;
}

/** Enough for a 95 % point that holds still. */
const most = 2_000;
/** Nulls are kept for window sizes in steps of the square root of 2: the spread of a statistic differs by a fifth between two. */
const steps = (size: number) => Math.round(2 ** (Math.round(2 * Math.log2(size)) / 2));

/** Adds what chance alone gave in this test to the null distribution of its reference and window size, and says what that is like. */
export async function usualOf(
  { reference, kind, parameters, size }: Tested,
  chance: readonly number[],
  { monitors, now }: { monitors: MonitorStore; now: Date },
): Promise<UsualStatistic> {
  const key = { reference, kind, parameters: JSON.stringify(parameters), size: steps(size) };
  const known = (await monitors.getNull(key)) ?? new Float64Array();
  const all = Float64Array.from([...known, ...chance.slice(0, Math.max(0, most - known.length))]).sort();
  if (all.length > known.length) await monitors.putNull(key, all, now);
  return { median: quantile(all, 0.5), high: quantile(all, 0.95), draws: all.length };
}
