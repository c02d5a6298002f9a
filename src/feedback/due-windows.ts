import { Cron } from 'croner';
import { dayMs } from '../codecs/duration.ts';
import type { MonitorWindow } from '../contracts/loop/monitor.ts';

/** After downtime, at most so many windows are evaluated late. */
const mostAtOnce = 7;

/** @throws TypeError for anything but a cron expression of five fields */
export function parseSchedule(schedule: string): Cron {
  if (schedule.trim().split(/\s+/).length !== 5) throw new TypeError('a cron expression has five fields');
  return new Cron(schedule, { timezone: 'UTC', mode: '5-part' });
}

/** Checks on a day of the schedule, which may be only Sundays. */
export function checksADay(schedule: string): number {
  const cron = parseSchedule(schedule);
  const first = cron.nextRun(new Date('2025-12-31T23:59:59Z'));
  if (first === null) return 1;
  const midnight = Math.floor(first.getTime() / dayMs) * dayMs;
  let checks = 0;
  for (let at = cron.nextRun(new Date(midnight - 1)); at && at.getTime() < midnight + dayMs; at = cron.nextRun(at))
    checks++;
  return checks;
}

/**
 * Time windows that ended in (since, now], oldest first, at most the newest seven. Each moment of the schedule ends one.
 */
export function dueWindows(schedule: string, days: number, since: Date, now: Date): MonitorWindow[] {
  const cron = parseSchedule(schedule);
  const ends = cron.previousRuns(mostAtOnce, new Date(now.getTime() + 1)).filter((end) => end > since && end <= now);
  return ends
    .sort((a, b) => a.getTime() - b.getTime())
    .map((end) => ({ start: new Date(end.getTime() - days * dayMs), end }));
}
