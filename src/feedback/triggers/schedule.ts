import { Cron } from 'croner';
import { eventKey, parseEventKey } from '../../contracts/loop/event-key.ts';
import type { TriggerEvent } from './trigger-event.ts';

export interface Schedule {
  /** Five fields. */
  cron: string;
  /** IANA name. */
  timeZone: string;
}

/** A moment that was fired or skipped. */
export interface HandledMoment {
  moment: Date;
  /** First of the moments that it answered for: earlier than `moment` when some were missed. */
  from: Date;
  /** When that was decided, by the clock of then. */
  at: Date;
}

/** A clock that is set back by less only corrects itself: what was answered for stays so. By more: it was wrong before. */
const correctionMs = 24 * 3_600_000;
/** More missed moments are not counted. */
const mostMissed = 1_000;

/** Why the schedule cannot be followed; null when it can. */
export function scheduleProblem(schedule: Schedule, now: Date): { field: string; reason: string } | null {
  if (!isTimeZone(schedule.timeZone))
    return { field: 'time zone', reason: `"${schedule.timeZone}" is no IANA time zone, such as Asia/Tokyo` };
  try {
    if (open(schedule).nextRun(now) !== null) return null;
    return { field: 'cron', reason: `"${schedule.cron}" never comes` };
  } catch (error) {
    return { field: 'cron', reason: (error as Error).message };
  }
}

/**
 * The newest moment that is due, with those that were missed before it; null when it was answered already, or none came since the trigger was made.
 * @param handled in the order in which they were decided
 */
export function dueMoment(
  schedule: Schedule,
  since: Date,
  handled: readonly HandledMoment[],
  now: Date,
): TriggerEvent | null {
  const cron = open(schedule);
  const [moment] = cron.previousRuns(1, justAfter(now));
  if (moment === undefined || moment <= since || isAnswered(moment, handled, now)) return null;
  const before = handled.map((each) => each.moment.getTime()).filter((at) => at < moment.getTime());
  const missed = momentsBetween(cron, new Date(Math.max(since.getTime(), ...before)), moment);
  const from = missed[0] ?? moment;
  return {
    key: momentKey(moment),
    why: `${said(schedule)}: ${moment.toISOString()}${missed.length === 0 ? '' : `, and ${count(missed.length)} before it that nobody was there for`}`,
    evidence: { moment: moment.toISOString(), from: from.toISOString(), missed: missed.length },
    otherwise: 'skipped',
    covers: [],
  };
}

/** Moments in (from, to], for a look back: at most the first `most`. */
export function momentsUntil(schedule: Schedule, from: Date, to: Date, most = Number.POSITIVE_INFINITY): Date[] {
  return momentsBetween(open(schedule), from, justAfter(to), most);
}

export function nextMoment(schedule: Schedule, now: Date): Date | null {
  return open(schedule).nextRun(now);
}

export const momentKey = (moment: Date) => eventKey('schedule', moment.toISOString());

/** Read from a firing; null when no schedule fired it. */
export function handledMoment(
  key: string,
  evidence: Readonly<Record<string, unknown>>,
  at: Date,
): HandledMoment | null {
  const event = parseEventKey(key);
  if (event?.kind !== 'schedule') return null;
  const moment = new Date(event.id);
  return { moment, from: typeof evidence.from === 'string' ? new Date(evidence.from) : moment, at };
}

function isAnswered(due: Date, handled: readonly HandledMoment[], now: Date): boolean {
  return handled.some(({ moment, from, at }, i) => {
    if (moment.getTime() === due.getTime()) return true;
    const later = [now, ...handled.slice(i + 1).map((each) => each.at)];
    const wasWrong = later.some((clock) => at.getTime() - clock.getTime() >= correctionMs);
    return from <= due && due <= moment && !wasWrong;
  });
}

/** In (from, to): at most the first `most`. */
function momentsBetween(cron: Cron, from: Date, to: Date, most = mostMissed): Date[] {
  const moments: Date[] = [];
  for (let at = cron.nextRun(from); at !== null && at < to && moments.length < most; at = cron.nextRun(at))
    moments.push(at);
  return moments;
}

const open = ({ cron, timeZone }: Schedule) => new Cron(cron, { timezone: timeZone, mode: '5-part', paused: true });

/** croner looks at what is strictly before. */
const justAfter = (at: Date) => new Date(at.getTime() + 1);

const said = ({ cron, timeZone }: Schedule) => `schedule ${cron} (${timeZone})`;

const count = (missed: number) => (missed === mostMissed ? `${mostMissed} or more` : `${missed}`);

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
