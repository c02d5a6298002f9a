import { Cron } from 'croner';
import { dayMs } from '../codecs/duration.ts';
import type { MonitorWindow } from '../contracts/loop/monitor.ts';

/** Windows of a worker that was down are judged late, but no more than these. */
const mostAtOnce = 7;

/** @throws TypeError when it is no cron expression of five fields */
export function parseSchedule(schedule: string): Cron {
  if (schedule.trim().split(/\s+/).length !== 5) throw new TypeError('five fields are needed');
  return new Cron(schedule, { timezone: 'UTC', mode: '5-part' });
}

/** How often on a day of the schedule, which may be Sundays only. */
export function checksADay(schedule: string): number {
  const cron = parseSchedule(schedule);
  const first = cron.nextRun(new Date('2025-12-31T23:59:59Z'));
  if (first === null) return 1;
  const midnight = Math.floor(first.getTime() / dayMs) * dayMs;
  return cron.nextRuns(1_440, new Date(midnight - 1)).filter((at) => at.getTime() < midnight + dayMs).length;
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
