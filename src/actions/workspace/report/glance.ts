import { type Html, html } from '../../../codecs/html.ts';
import type { Report } from '../report.ts';
import { count, percent } from './table.ts';

/** Summary at the top of the page. */
export function glance(report: Report): Html {
  const lines = [traffic(report), ...accuracy(report), alerts(report), runs(report), ...promoted(report)];
  return html`<ul class="glance">${lines.map((each) => html`<li>${each}</li>`)}</ul>`;
}

function traffic({ traffic: { totals, days } }: Report): string {
  const photos = totals.reduce((sum, each) => sum + each.photos, 0);
  if (photos === 0) return 'No predictions.';
  const failed = days.reduce((sum, each) => sum + each.failed, 0);
  return `${count(photos)} photos at ${plural(totals.length, 'endpoint')}; ${percent(failed, photos)} failed.`;
}

/** The accuracy of each endpoint by its labels, else the newest that a monitor measured or estimated. */
function accuracy({ traffic: { totals }, quality: { measured, results } }: Report): string[] {
  const endpoints = new Set([...totals, ...measured].map(({ endpoint }) => endpoint));
  return [...endpoints].flatMap((endpoint) => {
    const counted = measured.find((each) => each.endpoint === endpoint && each.accuracy !== null);
    if (counted?.accuracy) {
      const { value, low, high } = counted.accuracy;
      const photos = `${counted.photos === 'earlier' ? 'earlier ' : ''}labelled photo`;
      return [
        `Accuracy of ${endpoint}: ${hundredfold(value)} % (${hundredfold(low)} to ${hundredfold(high)}), on ${plural(counted.labelled - counted.picked, photos)}.`,
      ];
    }
    const known = results.filter((each) => each.endpoint === endpoint && each.finding.statistic !== null);
    const newest = known.find(({ kind }) => kind === 'measured-accuracy') ?? known[0];
    if (newest === undefined) return [];
    const { statistic, interval } = newest.finding;
    const range = interval === null ? '' : ` (${hundredfold(interval.low)} to ${hundredfold(interval.high)})`;
    const how = newest.kind === 'measured-accuracy' ? 'measured with labels' : 'estimated';
    return [`Accuracy of ${endpoint}: ${hundredfold(statistic!)} %${range}, ${how}.`];
  });
}

const hundredfold = (share: number) => (100 * share).toFixed(1);

function alerts({ drift: { alerts } }: Report): string {
  const open = alerts.filter(({ resolvedAt }) => resolvedAt === null).length;
  return alerts.length === 0 ? 'No alerts.' : `${plural(alerts.length, 'alert')}, ${open} still open.`;
}

function runs({ runs }: Report): string {
  const [good, bad] = (['succeeded', 'failed'] as const).map(
    (state) => runs.filter((run) => run.state === state).length,
  );
  return runs.length === 0 ? 'No runs.' : `${plural(runs.length, 'run')}: ${good} succeeded, ${bad} failed.`;
}

function promoted({ promotions }: Report): string[] {
  return promotions
    .filter(({ state }) => state === 'promoted')
    .map(({ endpoint, modelName, version }) => `${modelName}@${version} was promoted on ${endpoint}.`);
}

const plural = (n: number, noun: string) => `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
