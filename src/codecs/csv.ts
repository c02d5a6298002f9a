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

/** Text of a cell that `csvCell` wrote, without the apostrophe. */
export const fromCsvCell = (cell: string): string => cell.replace(/^'(?=[=+\-@\t\r])/, '');
