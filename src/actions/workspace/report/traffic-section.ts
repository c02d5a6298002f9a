import { dayMs } from '../../../codecs/duration.ts';
import { type Html, html } from '../../../codecs/html.ts';
import type { TrafficDay } from '../../../store/reports/contract.ts';
import type { Report } from '../report.ts';
import { count, ms, percent, table } from './table.ts';

export function trafficSection({ traffic: { totals, days }, from, to }: Report): Html {
  const of = (endpoint: string) => days.filter((day) => day.endpoint === endpoint);
  const dates = datesBetween(from, to);
  const rows = totals.map(({ endpoint, photos, latencyP50, latencyP99, labelled }) => {
    const sum = (key: 'failed' | 'refused' | 'uncertain' | 'outOfDistribution') =>
      percent(
        of(endpoint).reduce((total, day) => total + day[key], 0),
        photos,
      );
    const cells = [sum('failed'), sum('refused'), sum('uncertain'), sum('outOfDistribution')];
    return [endpoint, count(photos), ...cells, ms(latencyP50), ms(latencyP99), percent(labelled, photos)];
  });
  const columns = [
    'endpoint',
    '#photos',
    '#failed',
    '#refused',
    '#uncertain',
    '#far from training',
    '#median',
    '#p99',
    '#labelled',
  ];
  return html`<h2>Traffic</h2>${table(columns, rows, 'No predictions.')}
${totals.map(
  ({ endpoint, labels, photos }) => html`<h3>${endpoint}</h3>${chart(endpoint, of(endpoint), dates)}
${table(
  ['answer', '#photos', '#share'],
  labels.map((each) => [each.label, count(each.photos), percent(each.photos, photos)]),
)}`,
)}`;
}

const [width, height, foot] = [720, 120, 18];

/** `2026-11-23`, UTC. */
function datesBetween(from: Date, to: Date): string[] {
  const dates: string[] = [];
  const last = to.toISOString().slice(0, 10);
  for (let at = from.getTime(); dates.at(-1) !== last; at += dayMs) dates.push(new Date(at).toISOString().slice(0, 10));
  return dates;
}

/** Photos per day, failed ones in another colour; days without photos are shown too. */
function chart(endpoint: string, days: readonly TrafficDay[], dates: readonly string[]): Html {
  const on = new Map(days.map((day) => [day.day, day]));
  const most = Math.max(1, ...days.map(({ photos }) => photos));
  const step = width / dates.length;
  const bar = (i: number, value: number, name: string) => {
    const tall = (value / most) * (height - foot - 12);
    return html`<rect x="${(i * step + 1).toFixed(1)}" y="${(height - foot - tall).toFixed(1)}" width="${Math.max(1, step - 2).toFixed(1)}" height="${tall.toFixed(1)}" class="${name}"/>`;
  };
  const every = Math.ceil(dates.length / 14);
  return html`<div class="wide"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Photos per day at ${endpoint}, at most ${most}">
${dates.map((date, i) => [bar(i, on.get(date)?.photos ?? 0, 'bar'), bar(i, on.get(date)?.failed ?? 0, 'lost')])}
${dates.map((date, i) => i % every === 0 && html`<text x="${(i * step + 2).toFixed(1)}" y="${height - 4}">${date.slice(5)}</text>`)}
<text x="2" y="10">${count(most)}</text></svg></div><small>Photos per day (UTC), failed ones in red.</small>`;
}
