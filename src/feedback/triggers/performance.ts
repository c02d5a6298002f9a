import { percent } from '../../codecs/percent.ts';
import { eventKey } from '../../contracts/loop/event-key.ts';
import type { Finding } from '../../contracts/loop/monitor.ts';
import type { TriggerEvent } from './trigger-event.ts';

export interface AccuracyResult {
  seq: number;
  monitor: string;
  finding: Finding;
  windowEnd: Date;
}

/** The newest measured accuracy, if it is below. `certain`: only if its whole 95 % interval is. */
export function accuracyEvent(
  { below, certain }: { below: number; certain: boolean },
  newest: AccuracyResult | null,
): TriggerEvent | null {
  if (newest === null) return null;
  const { statistic, interval, state } = newest.finding;
  if (statistic === null || state === 'not-enough-data' || state === 'failed') return null;
  const judged = certain ? interval?.high : statistic;
  if (judged === undefined || judged >= below) return null;
  return {
    key: eventKey('result', `${newest.monitor}:${newest.windowEnd.toISOString()}`),
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
