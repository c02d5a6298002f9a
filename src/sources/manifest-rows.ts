import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { MitateError } from '../errors/index.ts';
import { unreadable } from './read-file.ts';

export interface ManifestRow {
  /** From 1. */
  line: number;
  /** By header as written; strings only. */
  cells: Record<string, string>;
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
  const parser = parse({ bom: true, columns: true, delimiter, info: true, skip_empty_lines: true, trim: true });
  // the callback only keeps a late error from being uncaught: the loop below throws it
  pipeline(Readable.from(text()), parser, () => {});
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: Record<string, string>;
      info: { lines: number };
    }>) {
      yield { line: info.lines, cells: record };
    }
  } catch (error) {
    if (error instanceof CsvError)
      throw invalid(source, (error as { lines?: number }).lines ?? 1, error.message, error);
    throw error;
  }
}

function cellsOf(value: object): Record<string, string> {
  const cells = Object.entries(value).filter(([, cell]) => cell !== null && cell !== undefined);
  return Object.fromEntries(
    cells.map(([name, cell]) => [name, typeof cell === 'string' ? cell : JSON.stringify(cell)]),
  );
}

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
  return cellsOf(value);
}

/** Rows of a JSON Lines file; values that are not strings become JSON text. @throws MANIFEST_INVALID */
export async function* readJsonl(source: string): AsyncGenerator<ManifestRow> {
  let line = 0;
  let rest = '';
  for await (const chunk of readText(source)) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      line++;
      if (text.trim() !== '') yield { line, cells: parseLine(source, line, text) };
    }
  }
  if (rest.trim() !== '') yield { line: line + 1, cells: parseLine(source, line + 1, rest) };
}
