import { dayMs } from '../../codecs/duration.ts';
import type { EndpointSettings } from '../../contracts/endpoint.ts';

/** Longer than this a worker that was away does not catch up. */
const mostDays = 7;
/** A request is in the log by then. */
const lagMs = 60_000;

/** The stretch of time that a fill looks at: from the last one's end, at first a day; null = there is nothing new. */
export function fillTime(lastEnd: Date | null, now: Date): { start: Date; end: Date } | null {
  const end = new Date(now.getTime() - lagMs);
  const earliest = end.getTime() - (lastEnd ? mostDays : 1) * dayMs;
  const start = new Date(Math.max(lastEnd?.getTime() ?? earliest, earliest));
  return start < end ? { start, end } : null;
}

/** Whether the day of the last fill is over: queues are filled with the first look of a day, UTC. */
export function isDue(lastEnd: Date | null, now: Date): boolean {
  if (lastEnd === null) return true;
  return Math.floor(lastEnd.getTime() / dayMs) < Math.floor((now.getTime() - lagMs) / dayMs);
}

/** Photos for a stretch of time: the day's budget by its length, of them drawn by chance. */
export function budgetFor(
  { perDay, randomShare }: Pick<EndpointSettings['review'], 'perDay' | 'randomShare'>,
  { start, end }: { start: Date; end: Date },
): { count: number; random: number } {
  const days = (end.getTime() - start.getTime()) / dayMs;
  const count = Math.max(0, Math.ceil(perDay * days - 1e-9));
  return { count, random: Math.max(0, Math.ceil(count * randomShare - 1e-9)) };
}
