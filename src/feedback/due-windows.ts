import { Cron } from 'croner';
import type { MonitorWindow } from '../contracts/monitor.ts';

const dayMs = 86_400_000;
/** Windows of a worker that was down are judged late, but no more than these. */
const mostAtOnce = 7;

/** @throws TypeError when it is no cron expression of five fields */
export function parseSchedule(schedule: string): Cron {
  if (schedule.trim().split(/\s+/).length !== 5) throw new TypeError('five fields are needed');
  return new Cron(schedule, { timezone: 'UTC', mode: '5-part' });
}

/** How often a day, at the most. */
export function checksADay(schedule: string): number {
  const midnight = new Date('2026-01-01T00:00:00Z');
  const within = parseSchedule(schedule).nextRuns(1_441, new Date(midnight.getTime() - 1));
  return Math.max(1, within.filter((at) => at.getTime() < midnight.getTime() + dayMs).length);
}

/**
 * Windows of time that ended since, oldest first: each moment of the schedule ends one.
 * @param since after it; what lies further back than seven windows is left out
 * @param now up to it
 */
export function dueWindows(schedule: string, days: number, since: Date, now: Date): MonitorWindow[] {
  const cron = parseSchedule(schedule);
  const ends = cron.previousRuns(mostAtOnce, new Date(now.getTime() + 1)).filter((end) => end > since && end <= now);
  return ends
    .sort((a, b) => a.getTime() - b.getTime())
    .map((end) => ({ start: new Date(end.getTime() - days * dayMs), end }));
}
