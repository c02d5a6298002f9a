import { type Html, html } from '../../../codecs/html.ts';
import type { Finding, MonitorResult } from '../../../contracts/loop/monitor.ts';
import type { Report } from '../report.ts';
import { count, moment, percent, span, table } from './table.ts';

export function qualitySection({ quality: { results, delays } }: Report): Html {
  const measured = table(
    ['monitor', 'endpoint', 'window end', '#accuracy', '95 % interval', ''],
    results
      .slice(0, 60)
      .map(({ monitor, endpoint, windowEnd, state, finding }) => [
        monitor,
        endpoint,
        moment(windowEnd),
        finding.statistic === null ? '–' : `${(100 * finding.statistic).toFixed(1)} %`,
        intervalOf(finding),
        stateOf(state),
      ]),
    'No measured or estimated accuracy.',
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
  return html`<h2>Quality</h2>${measured}<h3>Labels</h3>${labels}`;
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
  return interval === null ? '–' : `${(100 * interval.low).toFixed(1)} to ${(100 * interval.high).toFixed(1)} %`;
}

function stateOf(state: MonitorResult['state']): Html {
  return html`<span class="${state === 'ok' ? 'good' : state === 'breach' || state === 'failed' ? 'bad' : ''}">${state}</span>`;
}
