import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { linesOf } from '../../codecs/lines-of.ts';
import { recordFrom } from '../../codecs/record-from.ts';
import { isMitateError, MitateError } from '../../errors/index.ts';
import { type CsvRow, feedbackColumns } from '../../feedback/labels/csv-row.ts';
import { delimiterOf, readText } from '../../sources/manifest-rows.ts';

export interface Line {
  /** Of the file, from 1. */
  line: number;
  /** Text: why the line is invalid. */
  row: CsvRow | string;
}

type Invalid = (reason: string, cause?: unknown) => MitateError;

/** Rows of a file of feedback: CSV with a header, or JSON Lines with the same names. @param name of the file in errors @throws FEEDBACK_CSV_INVALID */
export async function* feedbackRows(path: string, name: string): AsyncGenerator<Line> {
  const invalid: Invalid = (reason, cause) =>
    new MitateError('FEEDBACK_CSV_INVALID', { path: name, reason }, { cause });
  try {
    const text = readText(path);
    const start = (await text.next()).value || '';
    if (start === '') throw invalid('it is empty');
    const whole = joined(start, text);
    yield* /^\uFEFF?\s*\{/.test(start) ? jsonRows(whole) : csvRows(whole, start, invalid);
  } catch (error) {
    if (error instanceof CsvError) throw invalid(error.message, error);
    if (isMitateError(error, 'MANIFEST_INVALID')) throw invalid(String(error.details.reason), error);
    throw error;
  }
}

async function* joined(start: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield start;
  yield* rest;
}

async function* csvRows(text: AsyncIterable<string>, start: string, invalid: Invalid): AsyncGenerator<Line> {
  const parser = parse({
    bom: true,
    columns: (header: string[]) => checkedHeader(header, invalid),
    delimiter: delimiterOf(start.replace(/\r?\n.*/s, '')),
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: 64 * 1024,
  });
  // the loop throws the error; the callback keeps a late one from being uncaught
  pipeline(Readable.from(text), parser, () => {});
  for await (const { record, info } of parser) yield { line: info.lines as number, row: record as CsvRow };
}

function checkedHeader(header: string[], invalid: Invalid): string[] {
  const names = header.map((name) => name.trim());
  if (!names.includes('request_id')) throw invalid('the header has no column request_id');
  if (!feedbackColumns.some((name) => names.includes(name)))
    throw invalid('the header has no column label, verdict, event or outcome');
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
  if (twice !== undefined) throw invalid(`column ${twice} appears twice`);
  return names;
}

async function* jsonRows(text: AsyncIterable<string>): AsyncGenerator<Line> {
  let line = 0;
  for await (const each of linesOf(text)) {
    line++;
    if (each.trim() !== '') yield { line, row: jsonRow(each.replace(/^\uFEFF/, '')) };
  }
}

/** As the cells of a CSV, so that both have the same rules. */
function jsonRow(text: string): CsvRow | string {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (row === null || typeof row !== 'object' || Array.isArray(row)) return 'it is not a JSON object';
  return recordFrom(Object.entries(row).map(([name, value]) => [name, cellOf(value)]));
}

const cellOf = (value: unknown) =>
  value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

export async function* batches(lines: AsyncIterable<Line>, size: number): AsyncGenerator<Line[]> {
  let batch: Line[] = [];
  for await (const line of lines) {
    batch.push(line);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
