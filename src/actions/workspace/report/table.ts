import { type Html, html } from '../../../codecs/html.ts';

export type Cell = string | number | Html | null;

/** Columns whose name starts with `#` are numeric. @param none text for no rows */
export function table(columns: readonly string[], rows: readonly (readonly Cell[])[], none = 'None.'): Html {
  if (rows.length === 0) return html`<p class="none">${none}</p>`;
  const isNumber = columns.map((name) => name.startsWith('#'));
  return html`<div class="wide"><table><thead><tr>${columns.map((name, c) => (isNumber[c] ? html`<th class="n">${name.slice(1)}</th>` : html`<th>${name}</th>`))}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, c) => (isNumber[c] ? html`<td class="n">${cell}</td>` : html`<td>${cell}</td>`))}</tr>`)}</tbody></table></div>`;
}

export const count = (n: number) => n.toLocaleString('en');
export const percent = (part: number, whole: number) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);
export const ms = (value: number | null) => (value === null ? '–' : `${value.toFixed(1)} ms`);
export const moment = (at: Date | null) =>
  at === null ? '–' : html`<time>${at.toISOString().slice(0, 16).replace('T', ' ')}</time>`;

export function span(seconds: number | null): string {
  if (seconds === null) return '–';
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return seconds < 7_200 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
