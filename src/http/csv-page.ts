import { csvCell } from '../codecs/csv.ts';

/** A page as CSV (RFC 4180), with a header. Instants are ISO 8601, lists and objects JSON. */
export function csvOf(items: readonly object[], columns: readonly string[]): string {
  const rows = items.map((item) => columns.map((name) => csvCell(cellOf((item as Record<string, unknown>)[name]))));
  return [columns, ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
}

function cellOf(value: unknown): string | number | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'number' || typeof value === 'string') return value;
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
