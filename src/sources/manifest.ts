import { lstatSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fromExportedRow } from '../artifacts/examples/exported-row.ts';
import { recordFrom } from '../codecs/record-from.ts';
import { MitateError } from '../errors/index.ts';
import { isInside } from '../files/is-inside.ts';
import { Downloads, shownUrl } from './download.ts';
import { type Columns, findColumns, requireColumn } from './manifest-columns.ts';
import { type ManifestRow, readCsv, readJsonl } from './manifest-rows.ts';
import { readImageFile } from './read-file.ts';
import type { OpenOptions, SourceItem } from './source-item.ts';
import { byCodeUnit } from './source-path.ts';

/** A broken link is there: reading it gives the reason. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** Where links lead; the path itself if they lead nowhere. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The path as written, else in the other Unicode forms, else with Windows separators. Null = none exists. */
function locate(folder: string, written: string): string | null {
  const forms = [written, written.normalize('NFC'), written.normalize('NFD'), written.replaceAll('\\', '/')];
  return forms.map((form) => resolve(folder, form)).find(isThere) ?? null;
}

/**
 * The file that a row names. Null when it does not exist.
 * @throws MANIFEST_PATH_OUTSIDE when it is outside the manifest's folder, as written or after following links
 */
function resolveInside(source: string, row: ManifestRow, written: string): string | null {
  const folder = realpathSync(dirname(resolve(source)));
  const outside = () => new MitateError('MANIFEST_PATH_OUTSIDE', { source, line: row.line, path: written });
  if (!isInside(folder, resolve(folder, written.replaceAll('\\', '/')))) throw outside();
  const path = locate(folder, written);
  if (path !== null && !isInside(folder, realPath(path))) throw outside();
  return path;
}

function fileItem(source: string, row: ManifestRow, written: string): Pick<SourceItem, 'filename' | 'path' | 'read'> {
  const path = resolveInside(source, row, written);
  const filename = written
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .normalize('NFC');
  if (path !== null) return { filename, path, read: () => readImageFile(source, path, filename) };
  return {
    filename,
    read: async () => {
      throw new MitateError('MANIFEST_FILE_MISSING', { filename, line: row.line });
    },
  };
}

function urlItem(source: string, row: ManifestRow, url: string, downloads: Downloads | null) {
  if (!downloads) throw new MitateError('URL_NOT_ALLOWED', { source, line: row.line, url: shownUrl(url) });
  downloads.add();
  return { filename: shownUrl(url), read: () => downloads.read(url) };
}

const isUrl = (text: string) => /^https?:\/\//i.test(text);

function attributesOf(cells: Record<string, string>, names: string[]): Record<string, string> {
  const named = names.sort(byCodeUnit).map((name) => [name, cells[name] ?? ''] as const);
  const present = named.filter(([, value]) => value !== '');
  return recordFrom(present.map(([name, value]) => [name.normalize('NFC'), value.normalize('NFC')]));
}

function toItem(source: string, row: ManifestRow, columns: Columns, downloads: Downloads | null): SourceItem {
  const cell = (name: string | undefined) => {
    const text = name === undefined ? '' : (row.cells[name] ?? '');
    return row.isExact && text.trim() !== '' ? text : text.trim();
  };
  const written = cell(columns.path) || cell(columns.url);
  if (written === '')
    throw new MitateError('MANIFEST_INVALID', { source, line: row.line, reason: 'no path and no URL' });
  const [label, group] = [cell(columns.label).normalize('NFC'), cell(columns.group).normalize('NFC')];
  const exported = fromExportedRow(row.cells);
  const cells = exported?.attributes ?? row.cells;
  return {
    line: row.line,
    ...(isUrl(written) ? urlItem(source, row, written, downloads) : fileItem(source, row, written)),
    ...(label && { label }),
    ...(group && { group }),
    ...(exported?.split && { split: exported.split }),
    attributes: attributesOf(cells, exported ? Object.keys(cells) : columns.attributes),
  };
}

/**
 * The photos named by a CSV or JSONL manifest: by paths relative to it and inside its folder, or by URLs if these are allowed.
 * @throws MANIFEST_INVALID, MANIFEST_COLUMN_MISSING, MANIFEST_PATH_OUTSIDE, URL_NOT_ALLOWED, SOURCE_EMPTY
 */
export async function* openManifest(
  source: string,
  kind: 'csv' | 'jsonl',
  options: OpenOptions,
): AsyncGenerator<SourceItem> {
  const downloads = options.allowUrls ? new Downloads(source, options) : null;
  let rows = 0;
  let headers: string[] = [];
  // rows of JSON Lines each have their own columns: one without a label is rejected alone
  let hasLabels = options.labels === 'optional';
  for await (const row of kind === 'csv' ? readCsv(source) : readJsonl(source)) {
    rows++;
    headers = Object.keys(row.cells);
    const columns = findColumns(headers);
    hasLabels ||= columns.label !== undefined;
    if (rows === 1) requireColumn(source, '"path" or "url"', Boolean(columns.path ?? columns.url), headers);
    if (kind === 'csv') requireColumn(source, '"label"', hasLabels, headers);
    yield toItem(source, row, columns, downloads);
  }
  if (rows === 0) throw new MitateError('SOURCE_EMPTY', { source });
  requireColumn(source, '"label"', hasLabels, headers);
}
