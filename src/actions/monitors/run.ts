import { dayMs } from '../../codecs/duration.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { Logger } from '../../contracts/logger.ts';
import type { Finding, MonitorResult, MonitorWindow, StoredMonitor } from '../../contracts/loop/monitor.ts';
import { MitateError, toMitateError } from '../../errors/index.ts';
import { alphaOfEach } from '../../feedback/alarm-policy.ts';
import { type JudgeContext, judgeWindow, scopeOf } from '../../feedback/checks/judge-window.ts';
import { openServed, type ServedEndpoint } from '../../feedback/checks/served-endpoint.ts';
import { WindowReader } from '../../feedback/checks/window-reader.ts';
import { checksADay, dueWindows } from '../../feedback/due-windows.ts';
import { firstLook, hasFirstLook, isJudgement } from '../../feedback/first-look.ts';
import { notEnoughData } from '../../feedback/monitors/monitor-kind.ts';
import { monitorTable } from '../../feedback/monitors/table.ts';
import type { MonitorStore } from '../../store/monitors/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { watchServed } from './defaults.ts';

/** Count windows of one monitor in a tick: each may take seconds, and alerts are raised after all of them. */
const mostAtOnce = 3;

interface Due {
  monitor: StoredMonitor;
  window: MonitorWindow;
  /** Of a monitor without a judgement: kept only if it is one. */
  isFirstLook?: true;
}

/**
 * Checks every window that ended since each monitor's last one, and the first one of a new monitor early, and stores the results; each window
 * once, in however many processes. A failed check is stored as failed and does not stop the others.
 * @returns new results, in the order of the windows
 */
export async function runDueMonitors(
  store: Pick<OpenStore, 'endpoints' | 'findVersion' | 'monitors' | 'feedback'>,
  { now, logger }: { now: Date; logger: Logger },
): Promise<MonitorResult[]> {
  await watchServed(store, now);
  const results: MonitorResult[] = [];
  const monitors = await store.monitors.listMonitors();
  const latest = new Map((await store.monitors.latestResults()).map((result) => [result.monitor, result]));
  for (const [endpoint, group] of Map.groupBy(monitors, (each) => each.endpoint)) {
    const served = await openServed(store, endpoint);
    if (served === null) continue;
    const reader = new WindowReader(store);
    const due = await dueOf(store, group, latest, served, now);
    for (const each of due) {
      const found = await check(store, each, { served, reader, group, keep: store.monitors.addResult, now, logger });
      if (found) results.push(found);
    }
  }
  return results;
}

/** One check on demand, of the window that ends now. The result is stored, and counts for alerts. @throws MONITOR_UNKNOWN, ENDPOINT_UNKNOWN */
export async function runMonitor(
  store: Pick<OpenStore, 'endpoints' | 'findVersion' | 'monitors' | 'feedback' | 'audited'>,
  name: string,
  { actor, now, logger }: { actor: Actor; now: Date; logger: Logger },
): Promise<MonitorResult> {
  const monitor = await store.monitors.getMonitor(name);
  if (monitor === null) throw new MitateError('MONITOR_UNKNOWN', { monitor: name });
  const { endpoint } = monitor;
  const served = await openServed(store, endpoint);
  if (served === null) throw new MitateError('MONITOR_NOTHING_SERVED', { monitor: name, endpoint });
  const window = await windowUntil(store, monitor, served, now);
  const group = await store.monitors.listMonitors({ endpoint });
  const reader = new WindowReader(store);
  const keep: Checking['keep'] = (result) =>
    store.audited(({ monitors }) => monitors.addResult(result), { actor, action: 'monitor.run', subject: name });
  const found = await check(store, { monitor, window }, { served, reader, group, keep, now, logger });
  if (found) return found;
  const kept = await store.monitors.listResults({ monitor: name, from: window.end });
  return kept.find(({ windowEnd }) => windowEnd.getTime() === window.end.getTime())!;
}

interface Checking {
  served: ServedEndpoint;
  reader: WindowReader;
  /** All monitors of the endpoint. */
  group: readonly StoredMonitor[];
  keep: MonitorStore['addResult'];
  now: Date;
  logger: Logger;
}

async function check(
  store: Pick<OpenStore, 'monitors'>,
  { monitor, window, isFirstLook }: Due,
  { served, reader, group, keep, now, logger }: Checking,
): Promise<MonitorResult | null> {
  const { name, endpoint, kind } = monitor;
  const context: JudgeContext = {
    monitors: store.monitors,
    served,
    reader,
    alpha: alphaOf({ monitor, window }, group),
    now,
  };
  const finding = await judgeWindow(monitor, window, context).catch((error: unknown) => {
    const failure = toMitateError(error);
    logger.error('monitor failed', { monitor: name, code: failure.code, error: failure.message });
    return failed(failure);
  });
  const { state } = finding;
  if (isFirstLook && !isJudgement(finding)) return null;
  const windows = { windowStart: window.start, windowEnd: window.end };
  const result = await keep({ monitor: name, endpoint, kind, state, at: now, ...windows, finding });
  if (result && state === 'breach')
    logger.warn('monitor beyond its threshold', { monitor: name, finding: finding.said });
  return result;
}

const failed = ({ code, message, remedy }: MitateError): Finding => ({
  ...notEnoughData(message),
  state: 'failed',
  details: { code, remedy },
});

/** The tests of an endpoint share the false-alarm rate, and so do the windows of a day of each test: count windows by how long they took. */
function alphaOf({ monitor, window: { start, end } }: Due, group: readonly StoredMonitor[]): number {
  const tests = group.filter(({ kind, isEnabled }) => isEnabled && monitorTable[kind].isDrift).length;
  if (monitor.window.by !== 'time') return alphaOfEach(tests, dayMs / (end.getTime() - start.getTime()));
  return alphaOfEach(tests, checksADay(monitor.schedule) + Number(hasFirstLook(monitor, end)));
}

/** Ordered by window and then by the rows they read, so that monitors of the same rows read them once. */
async function dueOf(
  store: Pick<OpenStore, 'monitors'>,
  group: readonly StoredMonitor[],
  latest: ReadonlyMap<string, MonitorResult>,
  served: ServedEndpoint,
  now: Date,
): Promise<Due[]> {
  const due: Due[] = [];
  for (const monitor of group) {
    if (!monitor.isEnabled) continue;
    const last = latest.get(monitor.name) ?? null;
    const windows = await windowsSince(store, monitor, served, last?.windowEnd ?? monitor.createdAt, now);
    for (const window of windows) due.push({ monitor, window });
    const early = windows.length > 0 ? null : await earlyWindow(store, monitor, served, last, now);
    if (early) due.push({ monitor, window: early, isFirstLook: true });
  }
  return due.sort((a, b) => compare(placeOf(a, served), placeOf(b, served)));
}

/** The window of a monitor that has never been judged, once it has its minimum of requests. */
async function earlyWindow(
  { monitors }: Pick<OpenStore, 'monitors'>,
  monitor: StoredMonitor,
  served: ServedEndpoint,
  last: MonitorResult | null,
  now: Date,
): Promise<MonitorWindow | null> {
  const { name, createdAt, minSamples } = monitor;
  const window = last && isJudgement(last) ? null : firstLook(monitor, last, now);
  if (window === null) return null;
  const results = last === null ? [] : await monitors.listResults({ monitor: name, from: createdAt });
  if (results.some(isJudgement)) return null;
  const sample = await monitors.windowOfCount(
    { ...scopeOf(monitor, served), start: window.start },
    Math.max(1, minSamples),
  );
  return sample && sample.end <= window.end ? window : null;
}

/** Shorter windows first; within a window, rows of all versions before those of one. */
function placeOf({ monitor, window }: Due, served: ServedEndpoint): (number | string)[] {
  const { model, ...rows } = scopeOf(monitor, served);
  return [window.end.getTime(), -window.start.getTime(), JSON.stringify(rows), model ? 1 : 0];
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [i, value] of a.entries()) {
    const other = b[i] ?? value;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

async function windowsSince(
  store: Pick<OpenStore, 'monitors'>,
  monitor: StoredMonitor,
  served: ServedEndpoint,
  since: Date,
  now: Date,
): Promise<MonitorWindow[]> {
  const { window, schedule } = monitor;
  if (window.by === 'time') return dueWindows(schedule, window.days, since, now);
  const { monitors } = store;
  const scope = scopeOf(monitor, served);
  const found: MonitorWindow[] = [];
  for (let start = since; found.length <= mostAtOnce; start = found.at(-1)!.end) {
    const next = await monitors.windowOfCount({ ...scope, start }, window.count);
    if (next === null || next.end > now) return found;
    found.push(next);
  }
  // a backlog: check the newest window instead of falling further behind
  return await newestWindows((end) => monitors.newestWindow({ ...scope, end }, window.count), now);
}

async function newestWindows(newest: (end: Date) => Promise<MonitorWindow | null>, now: Date) {
  const found: MonitorWindow[] = [];
  let end = now;
  while (found.length < mostAtOnce) {
    const window = await newest(end);
    if (window === null) break;
    found.unshift(window);
    end = window.start;
  }
  return found;
}

async function windowUntil(
  store: Pick<OpenStore, 'monitors'>,
  monitor: StoredMonitor,
  served: ServedEndpoint,
  now: Date,
): Promise<MonitorWindow> {
  const { window } = monitor;
  if (window.by === 'time') return { start: new Date(now.getTime() - window.days * dayMs), end: now };
  const newest = await store.monitors.newestWindow({ ...scopeOf(monitor, served), end: now }, window.count);
  return newest ?? { start: monitor.createdAt, end: now };
}
