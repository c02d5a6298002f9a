import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { columnKey } from '../artifacts/examples/column-names.ts';
import { linesOf } from '../codecs/lines-of.ts';
import { recordFrom } from '../codecs/record-from.ts';
import { MitateError } from '../errors/index.ts';
import { unreadable } from './read-file.ts';

export interface ManifestRow {
  /** From 1. */
  line: number;
  /** By header as written; strings only. */
  cells: Record<string, string>;
  /** White space around a path, label or group is part of it: JSON Lines, not CSV. */
  isExact: boolean;
}

function invalid(source: string, line: number, reason: string, cause?: unknown): MitateError {
  return new MitateError('MANIFEST_INVALID', { source, line, reason }, { cause });
}

/** The file's text, chunk by chunk. @throws MANIFEST_INVALID when it is not UTF-8 */
export async function* readText(source: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  try {
    for await (const chunk of createReadStream(source)) {
      const text = decoder.decode(chunk, { stream: true });
      line += text.split('\n').length - 1;
      yield text;
    }
    yield decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) throw invalid(source, line, 'the text is not UTF-8 from here on', error);
    throw unreadable(source, source, error);
  }
}

/** The most frequent of comma, semicolon and tab in the header line. */
export function delimiterOf(header: string): string {
  const count = (delimiter: string) => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
}

/** Rows of a CSV with a header line; comma, semicolon or tab. @throws MANIFEST_INVALID */
export async function* readCsv(source: string): AsyncGenerator<ManifestRow> {
  const chunks = readText(source);
  const first = await chunks.next();
  const start = first.done ? '' : first.value;
  const text = async function* () {
    yield start;
    yield* chunks;
  };
  const delimiter = delimiterOf(start.split(/\r?\n/, 1)[0] ?? '');
  const parser = parse({ bom: true, delimiter, info: true, skip_empty_lines: true, trim: true });
  // the callback only keeps a late error from being uncaught: the loop below throws it
  pipeline(Readable.from(text()), parser, () => {});
  let headers: string[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (headers) yield { line: info.lines, cells: cellsOf(headers, record), isExact: false };
      else headers = requireOnce(source, info.lines, record);
    }
  } catch (error) {
    if (error instanceof CsvError)
      throw invalid(source, (error as { lines?: number }).lines ?? 1, error.message, error);
    throw error;
  }
}

const cellsOf = (headers: string[], record: string[]) => recordFrom(headers.map((name, i) => [name, record[i] ?? '']));

/** The names, none of which comes twice. @throws MANIFEST_INVALID */
function requireOnce(source: string, line: number, names: string[]): string[] {
  const seen = new Map<string, string>();
  for (const name of names) {
    const key = columnKey(name);
    const before = seen.get(key);
    if (before !== undefined && key !== '')
      throw invalid(
        source,
        line,
        before === name
          ? `the column "${name}" occurs twice; remove or rename one`
          : `"${before}" and "${name}" are the same column; remove or rename one`,
      );
    seen.set(key, name);
  }
  return names;
}

const asText = (cell: unknown) => (typeof cell === 'string' ? cell : cell === null ? '' : JSON.stringify(cell));

function parseLine(source: string, line: number, text: string): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(source, line, (error as Error).message, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(source, line, 'expected one JSON object');
  }
  requireOnce(source, line, memberNames(text));
  return recordFrom(Object.entries(value).map(([name, cell]) => [name, asText(cell)]));
}

/** Names of the members of a JSON object, repeated ones too, which `JSON.parse` drops. */
function memberNames(text: string): string[] {
  const names: string[] = [];
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*:?|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (depth === 1 && token.endsWith(':')) names.push(JSON.parse(token.slice(0, -1)));
  }
  return names;
}

/** Rows of a JSON Lines file; values that are not strings become JSON text, null becomes ''. @throws MANIFEST_INVALID */
export async function* readJsonl(source: string): AsyncGenerator<ManifestRow> {
  let line = 0;
  for await (const text of linesOf(readText(source))) {
    line++;
    if (text.trim() !== '') yield { line, cells: parseLine(source, line, text), isExact: true };
  }
}
