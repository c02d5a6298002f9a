import type { InferenceRow } from './infer.ts';

/**
 * One CSV cell. Text that a spreadsheet would treat as a formula (starting with = + - @, tab or carriage return) gets a leading apostrophe; then
 * commas, quotes and line breaks are quoted (RFC 4180).
 */
export function csvCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function line(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** @param labels of the head, one column each */
export function csvHeader(labels: readonly string[]): string {
  return line(['file', 'truth', 'label', 'probability', ...labels, 'error', 'message']);
}

export function csvLine(row: InferenceRow, labels: readonly string[]): string {
  if ('error' in row)
    return line([row.file, row.truth, '', '', ...labels.map(() => ''), row.error.code, row.error.message]);
  const distribution = row.classes ?? row.probabilities;
  return line([row.file, row.truth, row.label, row.probability, ...labels.map((label) => distribution[label]), '', '']);
}
