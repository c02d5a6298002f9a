import type { Finding } from '../../contracts/loop/monitor.ts';
import type { Occasion } from './occasion.ts';

export interface AccuracyResult {
  seq: number;
  monitor: string;
  finding: Finding;
  windowEnd: Date;
}

/** The newest measured accuracy, when it is below. `certain`: only when all of its 95 % interval is. */
export function performanceOccasion(
  { below, certain }: { below: number; certain: boolean },
  newest: AccuracyResult | null,
): Occasion | null {
  if (newest === null) return null;
  const { statistic, interval, state } = newest.finding;
  if (statistic === null || state === 'not-enough-data' || state === 'failed') return null;
  if (certain && interval === null) return null;
  const judged = certain ? interval!.high : statistic;
  if (judged >= below) return null;
  return {
    key: `result:${newest.monitor}:${newest.windowEnd.toISOString()}`,
    why: `measured accuracy ${percent(statistic)}${interval ? ` (95 %: ${percent(interval.low)} to ${percent(interval.high)})` : ''} is below ${percent(below)}`,
    evidence: {
      monitor: newest.monitor,
      accuracy: statistic,
      interval,
      below,
      windowEnd: newest.windowEnd.toISOString(),
    },
    otherwise: 'held',
    covers: [],
  };
}

const percent = (share: number) => `${Math.round(share * 1_000) / 10} %`;
