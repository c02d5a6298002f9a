import { extname } from 'node:path';
import { findColumns, requireColumn } from './manifest-columns.ts';
import { readCsv, readJsonl } from './manifest-rows.ts';

/**
 * Photos and their labels from a CSV or JSON Lines file: a column `sha256` or a file name, and a column `label`.
 * @throws MANIFEST_INVALID, MANIFEST_COLUMN_MISSING, SOURCE_UNREADABLE
 */
export async function readLabelRows(file: string): Promise<{ photo: string; label: string }[]> {
  const rows: { photo: string; label: string }[] = [];
  const isLines = ['.jsonl', '.ndjson'].includes(extname(file).toLowerCase());
  for await (const { cells } of isLines ? readJsonl(file) : readCsv(file)) {
    const headers = Object.keys(cells);
    const { path, label } = findColumns(headers);
    const photo = cells.sha256 ?? (path && cells[path]);
    requireColumn(file, '"sha256" or "path"', photo !== undefined, headers);
    requireColumn(file, '"label"', label !== undefined, headers);
    rows.push({ photo: photo!, label: cells[label!]!.normalize('NFC') });
  }
  return rows;
}
