import { type Html, html } from '../../../codecs/html.ts';
import type { Finding, MonitorResult } from '../../../contracts/loop/monitor.ts';
import type { Report } from '../report.ts';
import { count, moment, percent, span, table } from './table.ts';

export function qualitySection({ quality: { measured, bySeverity, results, delays } }: Report): Html {
  const monitored = table(
    ['monitor', 'endpoint', 'window end', '#accuracy', '95 % interval', ''],
    results
      .slice(0, 60)
      .map(({ monitor, endpoint, windowEnd, state, finding }) => [
        monitor,
        endpoint,
        moment(windowEnd),
        finding.statistic === null ? '–' : hundredths(finding.statistic),
        intervalOf(finding),
        stateOf(state),
      ]),
    'No monitor has judged the accuracy.',
  );
  const labels = table(
    ['endpoint', '#answered', '#labelled', '#share', '#median delay', '#p90 delay'],
    delays.map(({ endpoint, answered, labelled, medianS, p90S }) => [
      endpoint,
      count(answered),
      count(labelled),
      percent(labelled, answered),
      span(medianS),
      span(p90S),
    ]),
  );
  return html`<h2>Quality</h2>${measuredTable(measured)}${severityTable(bySeverity)}<h3>Monitors of accuracy</h3>${monitored}<h3>Labels</h3>${labels}`;
}

const photoNames = { period: 'of this period', earlier: 'earlier, labelled in this period' } as const;

function measuredTable(measured: Report['quality']['measured']): Html {
  const rows = measured.map(({ endpoint, photos, labelled, right, picked, accuracy }) => [
    endpoint,
    photoNames[photos],
    count(labelled),
    count(right),
    count(picked),
    accuracy === null ? '–' : hundredths(accuracy.value),
    accuracy === null ? '–' : rangeOf(accuracy),
  ]);
  const columns = ['endpoint', 'photos', '#labelled', '#right', '#picked for review', '#accuracy', '95 % interval'];
  const note = measured.some(({ picked }) => picked > 0)
    ? html`<p>Photos picked for review because they are hard represent no others: they do not count in the accuracy.</p>`
    : '';
  return html`${table(columns, rows, 'No labels: send feedback, or label photos with "mitate review".')}${note}`;
}

/** Only where labellers grade. */
function severityTable(graded: Report['quality']['bySeverity']): Html | string {
  if (graded.length === 0) return '';
  const rows = graded.map(({ endpoint, severity, labelled, right, accuracy }) => [
    ...[endpoint, severity, count(labelled), count(right)],
    ...(accuracy === null ? ['–', '–'] : [hundredths(accuracy.value), rangeOf(accuracy)]),
  ]);
  const columns = ['endpoint', '#severity', '#labelled', '#right', '#accuracy', '95 % interval'];
  return html`<h3>By severity</h3>${table(columns, rows)}`;
}

export function driftSection({ drift: { monitors, alerts } }: Report): Html {
  return html`<h2>Drift</h2>${table(
    ['monitor', 'endpoint', '#windows', '#breaches', 'last window', '', 'finding'],
    monitors.map(({ latest, windows, breaches }) => [
      latest.monitor,
      latest.endpoint,
      windows,
      breaches,
      moment(latest.windowEnd),
      stateOf(latest.state),
      latest.finding.said,
    ]),
    'No monitor has run.',
  )}<h3>Alerts</h3>${table(
    ['alert', 'state', 'since', 'opened', 'resolved', 'finding', 'what to do'],
    alerts.map((each) => [
      each.monitor,
      each.state,
      moment(each.since),
      moment(each.openedAt),
      moment(each.resolvedAt),
      each.finding.said,
      each.remedy,
    ]),
  )}`;
}

function intervalOf({ interval }: Finding): string {
  return interval === null ? '–' : rangeOf(interval);
}

const hundredths = (share: number) => `${(100 * share).toFixed(1)} %`;
const rangeOf = ({ low, high }: { low: number; high: number }) =>
  `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} %`;

function stateOf(state: MonitorResult['state']): Html {
  return html`<span class="${state === 'ok' ? 'good' : state === 'breach' || state === 'failed' ? 'bad' : ''}">${state}</span>`;
}
