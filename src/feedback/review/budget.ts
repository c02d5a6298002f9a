import { dayMs } from '../../codecs/duration.ts';
import type { EndpointSettings } from '../../contracts/endpoint.ts';

/** After downtime a worker catches up at most so many days. */
const mostDays = 7;
/** Requests are in the log after this. */
const lagMs = 60_000;

/** The period of a fill: from the end of the last one, or a day at first; null = nothing new. */
export function fillTime(lastEnd: Date | null, now: Date): { start: Date; end: Date } | null {
  const end = new Date(now.getTime() - lagMs);
  const earliest = end.getTime() - (lastEnd ? mostDays : 1) * dayMs;
  const start = new Date(Math.max(lastEnd?.getTime() ?? earliest, earliest));
  return start < end ? { start, end } : null;
}

/** Whether a new UTC day began since the last fill. */
export function isDue(lastEnd: Date | null, now: Date): boolean {
  if (lastEnd === null) return true;
  return Math.floor(lastEnd.getTime() / dayMs) < Math.floor((now.getTime() - lagMs) / dayMs);
}

/** Photos that were not selected stay candidates for a day. */
export const candidatesSince = ({ start, end }: { start: Date; end: Date }) =>
  new Date(Math.min(start.getTime(), end.getTime() - dayMs));

/**
 * Number of photos for a period: the daily budget by its length, or what is left of the day's if that is more, and how many of them are drawn at
 * random.
 * @param queued photos that were queued in the last 24 hours
 */
export function budgetFor(
  { perDay, randomShare }: Pick<EndpointSettings['review'], 'perDay' | 'randomShare'>,
  { start, end }: { start: Date; end: Date },
  queued: number,
): { count: number; random: number } {
  const days = (end.getTime() - start.getTime()) / dayMs;
  const count = Math.max(0, Math.ceil(perDay * days - 1e-9), perDay - queued);
  return { count, random: Math.max(0, Math.ceil(count * randomShare - 1e-9)) };
}
