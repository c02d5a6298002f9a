import { dayMs } from '../codecs/duration.ts';
import type { MonitorKind, MonitorResult, MonitorWindow, StoredMonitor } from '../contracts/loop/monitor.ts';
import { checksADay } from './due-windows.ts';

/** A new monitor looks at its window so often until it has been judged once. */
const everyMs = 15 * 60_000;
/** A look that was missed comes at the next mark: two ticks of the worker. */
const openMs = 2 * 60_000;
/** Later, the schedule alone decides. */
const newForMs = 7 * dayMs;
/** So many checks a day need no early one. */
const oftenADay = 24;

/** They need a whole window: absence shows in no other, and the 99th percentile of 50 requests is the slowest, as after a cold start. */
const needWhole: ReadonlySet<MonitorKind> = new Set(['traffic-absent', 'latency']);

type Young = Pick<StoredMonitor, 'kind' | 'window' | 'schedule' | 'createdAt'>;

/**
 * Whether a window may be judged early or share its day with one that was. Its day then has one check more, and each of the day's checks gets
 * its part of the endpoint's alpha: the day's false-alarm rate stays the same. There is one early judgement in a monitor's life, so that later
 * days are as before.
 */
export function hasFirstLook({ kind, window, schedule, createdAt }: Young, end: Date): boolean {
  const isYoung = end.getTime() <= createdAt.getTime() + newForMs;
  return isYoung && window.by === 'time' && !needWhole.has(kind) && checksADay(schedule) < oftenADay;
}

/** The window of a monitor that has not been judged yet, every 15 minutes of its first week; null = not now. */
export function firstLook(
  monitor: Young,
  latest: Pick<MonitorResult, 'windowEnd'> | null,
  now: Date,
): MonitorWindow | null {
  const { createdAt, window } = monitor;
  const marks = Math.floor((now.getTime() - createdAt.getTime()) / everyMs);
  const end = new Date(createdAt.getTime() + marks * everyMs);
  if (marks < 1 || now.getTime() - end.getTime() >= openMs) return null;
  if (window.by !== 'time' || !hasFirstLook(monitor, end)) return null;
  if (latest !== null && latest.windowEnd >= end) return null;
  return { start: new Date(end.getTime() - window.days * dayMs), end };
}

/** When a monitor that has not been judged yet looks next; null = on schedule. */
export function nextFirstLook(monitor: Young, now: Date): Date | null {
  const marks = Math.floor((now.getTime() - monitor.createdAt.getTime()) / everyMs) + 1;
  const end = new Date(monitor.createdAt.getTime() + Math.max(1, marks) * everyMs);
  return hasFirstLook(monitor, end) ? end : null;
}

/** `not-enough-data` and `failed` say nothing about health. */
export const isJudgement = ({ state }: Pick<MonitorResult, 'state'>): boolean => state === 'ok' || state === 'breach';
