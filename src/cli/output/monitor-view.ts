import type { WatchedMonitor } from '../../actions/monitors/monitor.ts';
import type { Finding, Monitor, MonitorResult, StoredMonitor } from '../../contracts/loop/monitor.ts';
import type { UsualStatistic } from '../../feedback/checks/usual-statistic.ts';
import { monitorTable } from '../../feedback/monitors/table.ts';
import { moment } from './moment.ts';
import type { Output } from './output.ts';

export function printMonitors(output: Output, watched: readonly WatchedMonitor[]): void {
  for (const each of watched) output.json(each);
  output.table(
    ['MONITOR', 'WINDOW', 'STATE', 'FOUND', 'UNTIL'],
    watched.map(({ monitor, latest }) => [
      monitor.name,
      windowText(monitor),
      monitor.isEnabled ? (latest?.state ?? 'not run yet') : 'off',
      latest?.finding.said ?? null,
      latest && moment(latest.windowEnd),
    ]),
  );
}

export function printMonitor(output: Output, monitor: StoredMonitor): void {
  const { name, endpoint, kind, schedule, window, minSamples, slice, isEnabled } = monitor;
  const when = window.by === 'time' ? `cron "${schedule}" (UTC)` : 'as soon as they have come';
  output.line(output.style('bold', name));
  output.line(
    `${kind} of endpoint ${endpoint}, over ${windowText(monitor)}, ${when}${isEnabled ? '' : ', switched off'}`,
  );
  const against = monitorTable[kind].isDrift ? `against ${referenceText(monitor)}; ` : '';
  output.line(`${against}at least ${minSamples} observations`);
  if (slice) output.line(`only requests with ${slice.attribute} = ${String(slice.value)}`);
  if (Object.keys(monitor.parameters).length > 0) output.line(`parameters ${JSON.stringify(monitor.parameters)}`);
}

/** One of each monitor. */
export function printFound(output: Output, results: readonly MonitorResult[]): void {
  output.table(
    ['MONITOR', 'UNTIL', 'STATE', 'FOUND'],
    results.map(({ monitor, windowEnd, state, finding }) => [monitor, moment(windowEnd), state, finding.said]),
  );
}

/** Of one monitor. */
export function printResults(output: Output, results: readonly MonitorResult[]): void {
  output.table(
    ['WINDOW', 'UNTIL', 'STATE', '#STATISTIC', '#USUALLY UP TO', '#P', '#THRESHOLD', 'FOUND'],
    results.map(({ windowStart, windowEnd, state, finding }) => [
      moment(windowStart),
      moment(windowEnd),
      state,
      numberText(finding.statistic),
      numberText(usuallyUpTo(finding)),
      numberText(finding.p),
      numberText(finding.threshold),
      finding.said,
    ]),
  );
}

/** One in twenty statistics of unchanged windows is larger. */
function usuallyUpTo({ details }: Finding): number | null {
  const { usual } = details as { usual?: UsualStatistic };
  return usual?.high ?? null;
}

const numberText = (value: number | null) => (value === null ? null : String(Number(value.toPrecision(3))));

function windowText({ window }: Monitor): string {
  return window.by === 'time' ? `${window.days} d` : `${window.count} requests`;
}

function referenceText({ reference }: Monitor): string {
  if (reference.from === 'model') return "the model's own photos";
  if (reference.from === 'first-days') return `the version's first ${reference.days} days`;
  return `requests from ${reference.start} to ${reference.end}`;
}
