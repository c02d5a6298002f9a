import type { WatchedMonitor } from '../../actions/monitors/monitor.ts';
import type { Finding, Monitor, MonitorResult, StoredMonitor } from '../../contracts/loop/monitor.ts';
import type { UsualStatistic } from '../../feedback/checks/usual-statistic.ts';
import { parseSchedule } from '../../feedback/due-windows.ts';
import { isJudgement, nextFirstLook } from '../../feedback/first-look.ts';
import { monitorTable } from '../../feedback/monitors/table.ts';
import { moment } from './moment.ts';
import type { Output } from './output.ts';

export function printMonitors(output: Output, watched: readonly WatchedMonitor[], now = new Date()): void {
  output.list(
    watched,
    'No monitors yet. A deployed endpoint gets the default monitors within a minute while "mitate worker" or "mitate up" runs.',
    ({ monitor, latest }) => ({
      MONITOR: monitor.name,
      WINDOW: windowText(monitor),
      STATE: monitor.isEnabled ? (latest?.state ?? 'no result yet') : 'off',
      FINDING: latest?.finding.said ?? null,
      'WINDOW END': latest && moment(latest.windowEnd),
      NEXT: nextText(monitor, latest, now),
    }),
  );
}

/** When the next result is due. */
function nextText(monitor: StoredMonitor, latest: MonitorResult | null, now: Date): string | null {
  const { isEnabled, schedule, window, minSamples } = monitor;
  if (!isEnabled) return null;
  if (window.by !== 'time') return `after ${window.count} requests`;
  const next = parseSchedule(schedule).nextRun(now);
  const early = latest && isJudgement(latest) ? null : nextFirstLook(monitor, now);
  if (early && next && early < next) return `${moment(early)} if ${minSamples} requests have come`;
  return next && moment(next);
}

export function printMonitor(output: Output, monitor: StoredMonitor): void {
  const { name, endpoint, kind, schedule, window, minSamples, slice, isEnabled } = monitor;
  const when = window.by === 'time' ? `cron "${schedule}" (UTC)` : 'as soon as they have arrived';
  output.line(output.style('bold', name));
  output.line(
    `${kind} on endpoint ${endpoint}, window ${windowText(monitor)}, ${when}${isEnabled ? '' : ', disabled'}`,
  );
  const against = monitorTable[kind].isDrift ? `compared with ${referenceText(monitor)}; ` : '';
  output.line(`${against}at least ${minSamples} observations`);
  if (slice) output.line(`only requests with ${slice.attribute} = ${String(slice.value)}`);
  if (Object.keys(monitor.parameters).length > 0) output.line(`parameters ${JSON.stringify(monitor.parameters)}`);
}

/** One result of each monitor. */
export function printFound(output: Output, results: readonly MonitorResult[]): void {
  output.table(
    ['MONITOR', 'WINDOW END', 'STATE', 'FINDING'],
    results.map(({ monitor, windowEnd, state, finding }) => [monitor, moment(windowEnd), state, finding.said]),
    'No monitors are due.',
  );
}

/** All results of one monitor. */
export function printResults(output: Output, results: readonly MonitorResult[]): void {
  output.table(
    ['WINDOW START', 'WINDOW END', 'STATE', '#STATISTIC', '#BASELINE P95', '#P', '#THRESHOLD', 'FINDING'],
    results.map(({ windowStart, windowEnd, state, finding }) => [
      moment(windowStart),
      moment(windowEnd),
      state,
      numberText(finding.statistic),
      numberText(baselineP95(finding)),
      numberText(finding.p),
      numberText(finding.threshold),
      finding.said,
    ]),
    'No results yet.',
  );
}

/** The 95th percentile of the statistic over windows without drift. */
function baselineP95({ details }: Finding): number | null {
  const { usual } = details as { usual?: UsualStatistic };
  return usual?.high ?? null;
}

const numberText = (value: number | null) => (value === null ? null : String(Number(value.toPrecision(3))));

function windowText({ window }: Monitor): string {
  return window.by === 'time' ? `${window.days} d` : `${window.count} requests`;
}

function referenceText({ reference }: Monitor): string {
  if (reference.from === 'model') return "the model's training photos";
  if (reference.from === 'first-days') return `the version's first ${reference.days} days`;
  return `requests from ${reference.start} to ${reference.end}`;
}
