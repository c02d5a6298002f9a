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
  /** The first moment that it covers: earlier than `moment` if some were missed. */
  from: Date;
  /** When it was decided, by the clock at that time. */
  at: Date;
}

/** Setting the clock back by less is a correction and handled moments stay handled; by more means that it was wrong before. */
const correctionMs = 24 * 3_600_000;
/** Missed moments are counted up to here. */
const mostMissed = 1_000;

/** Why the schedule is invalid; null when it is valid. */
export function scheduleProblem(schedule: Schedule, now: Date): { field: string; reason: string } | null {
  if (!isTimeZone(schedule.timeZone))
    return { field: 'time zone', reason: `"${schedule.timeZone}" is not an IANA time zone such as Asia/Tokyo` };
  try {
    if (open(schedule).nextRun(now) !== null) return null;
    return { field: 'cron', reason: `"${schedule.cron}" never occurs` };
  } catch (error) {
    return { field: 'cron', reason: (error as Error).message };
  }
}

/**
 * The newest due moment, covering those missed before it; null when it was handled already, or none came since the trigger was created.
 * @param handled in the order of their decisions
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
    why: `${scheduleText(schedule)}: ${moment.toISOString()}${missed.length === 0 ? '' : `, after ${count(missed.length)} missed`}`,
    evidence: { moment: moment.toISOString(), from: from.toISOString(), missed: missed.length },
    otherwise: 'skipped',
    covers: [],
  };
}

/** Moments in (from, to], for a dry run: at most the first `most`. */
export function momentsUntil(schedule: Schedule, from: Date, to: Date, most = Number.POSITIVE_INFINITY): Date[] {
  return momentsBetween(open(schedule), from, justAfter(to), most);
}

export function nextMoment(schedule: Schedule, now: Date): Date | null {
  return open(schedule).nextRun(now);
}

export const momentKey = (moment: Date) => eventKey('schedule', moment.toISOString());

/** From a stored firing; null when it was not fired by a schedule. */
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

/** croner's `previousRuns` is exclusive. */
const justAfter = (at: Date) => new Date(at.getTime() + 1);

export const scheduleText = ({ cron, timeZone }: Schedule) => `schedule ${cron} (${timeZone})`;

const count = (missed: number) => (missed === mostMissed ? `${mostMissed} or more` : `${missed}`);

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
