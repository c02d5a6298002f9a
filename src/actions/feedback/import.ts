import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { csvCell } from '../../codecs/csv.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { NewAuditEntry } from '../../contracts/audit.ts';
import type { PhotoName } from '../../contracts/loop/feedback.ts';
import { fileReason, isMitateError, MitateError } from '../../errors/index.ts';
import { type ReadRow, readRow } from '../../feedback/labels/csv-row.ts';
import type { NewFeedback } from '../../store/feedback/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { type FeedbackContext, named, rowOf } from './add.ts';
import { batches, feedbackRows, type Line } from './import-rows.ts';
import { knownLabels } from './known-labels.ts';

export interface RefusedRow {
  /** Of the file; the header of a CSV is line 1. */
  line: number;
  request: string;
  code: string;
  message: string;
}

export interface ImportedFeedback {
  rows: number;
  added: number;
  /** Rows of the same file that were imported before. */
  repeated: number;
  refused: number;
  firstRefused: RefusedRow[];
}

export interface ImportOptions {
  actor: Actor;
  now: Date;
  /** CSV file to write, with each refused row and the reason. */
  report?: string | undefined;
  /** Name of the file in errors; default: its path. */
  name?: string | undefined;
  /** Rows of one transaction; default 1,000. A server uses fewer, so that other requests are not delayed. */
  atOnce?: number | undefined;
  /** Called after each transaction with lines of the file. */
  progress?: ((done: number, total: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const firstShown = 20;

/**
 * Imports feedback from a CSV or JSON Lines file, row by row: bad rows are reported, the others count. Importing the same file again adds nothing.
 * Constant memory.
 * @throws FEEDBACK_CSV_INVALID, FILE_UNREADABLE, FILE_UNWRITABLE, CANCELLED
 */
export async function importFeedback(
  store: Pick<OpenStore, 'feedback' | 'findVersion' | 'auditedParts'>,
  path: string,
  options: ImportOptions,
): Promise<ImportedFeedback> {
  const { digest, lines: total } = await digestOf(path);
  if (options.report !== undefined) await requireOther(path, options.report);
  const context: FeedbackContext = { actor: options.actor, source: 'csv', now: options.now };
  const done: ImportedFeedback = { rows: 0, added: 0, repeated: 0, refused: 0, firstRefused: [] };
  await using report = await openReport(options.report);
  const read = rowReader(store, context, (line) => `csv:${digest}:${line}`);
  const audited = store.auditedParts();
  for await (const lines of batches(feedbackRows(path, options.name ?? path), options.atOnce ?? 1_000)) {
    if (options.signal?.aborted) throw new MitateError('CANCELLED', {});
    const { rows, refused } = await read(lines);
    await audited(
      async ({ feedback }) => {
        const added = await feedback.add(rows);
        const repeated = added.filter((row) => row.repeated).length;
        done.rows += lines.length;
        done.added += added.length - repeated;
        done.repeated += repeated;
        done.refused += refused.length;
      },
      () => importEntry(done, options.actor),
    );
    done.firstRefused.push(...refused.slice(0, firstShown - done.firstRefused.length));
    await report.write(refused);
    options.progress?.(Math.min(lines.at(-1)!.line, total - 1), total);
  }
  options.progress?.(total, total);
  if (done.rows === 0) await audited(async () => {}, importEntry(done, options.actor));
  return done;
}

function importEntry({ firstRefused: _, ...counts }: ImportedFeedback, actor: Actor): NewAuditEntry {
  return { actor, action: 'feedback.import', subject: `${counts.rows} rows`, details: counts };
}

/** Splits rows into accepted and refused ones. */
function rowReader(
  store: Pick<OpenStore, 'findVersion' | 'feedback'>,
  context: FeedbackContext,
  keyOf: (line: number) => string,
) {
  const known = knownLabels(store);
  return async (lines: readonly Line[]) => {
    const refused: RefusedRow[] = [];
    const refuse = ({ line, row }: Line, code: string, message: string) =>
      refused.push({ line, request: typeof row === 'string' ? '' : (row.request_id ?? ''), code, message });
    const read: { line: Line; row: ReadRow; name: PhotoName }[] = [];
    for (const line of lines) {
      const row = typeof line.row === 'string' ? line.row : readRow(line.row);
      if (typeof row !== 'string') read.push({ line, row, name: nameOf(row) });
      else
        refuse(
          line,
          'FEEDBACK_ROW_INVALID',
          new MitateError('FEEDBACK_ROW_INVALID', { line: line.line, reason: row }).message,
        );
    }
    const photos = await store.feedback.findPhotos(read.map(({ name }) => name));
    const rows: NewFeedback[] = [];
    for (const [i, { line, row, name }] of read.entries())
      try {
        const photo = named(photos[i] ?? null, name);
        const { feedback, note, session } = row;
        const input = { photo: name, feedback, note, session, idempotencyKey: keyOf(line.line) };
        rows.push(rowOf(input, photo, await known(photo), context));
      } catch (error) {
        if (!isMitateError(error)) throw error;
        refuse(line, error.code, error.message);
      }
    refused.sort((a, b) => a.line - b.line);
    return { rows, refused };
  };
}

const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** With an instance, the id is that of the HTTP request. */
function nameOf({ request, instance }: ReadRow): PhotoName {
  return instance === null && isUuid(request) ? { id: request } : { requestId: request, instance };
}

async function digestOf(path: string): Promise<{ digest: string; lines: number }> {
  const hash = createHash('sha256');
  let lines = 1;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
    }
  } catch (cause) {
    throw new MitateError('FILE_UNREADABLE', { path, reason: fileReason(cause) }, { cause });
  }
  return { digest: hash.digest('hex'), lines };
}

/** Opening the report would empty the input file. */
async function requireOther(path: string, report: string): Promise<void> {
  const [read, written] = await Promise.all([stat(path), stat(report).catch(() => null)]);
  if (written && read.dev === written.dev && read.ino === written.ino)
    throw new MitateError('FILE_UNWRITABLE', { path: report, reason: 'it is the imported file itself' });
}

interface Report extends AsyncDisposable {
  write(rows: readonly RefusedRow[]): Promise<void>;
}

async function openReport(path: string | undefined): Promise<Report> {
  if (path === undefined) return { async write() {}, async [Symbol.asyncDispose]() {} };
  const file: FileHandle = await open(path, 'w').catch((cause: Error) => {
    throw new MitateError('FILE_UNWRITABLE', { path, reason: cause.message }, { cause });
  });
  await file.writeFile('line,request_id,code,message\n');
  return {
    async write(rows) {
      const lines = rows.map(({ line, request, code, message }) =>
        [line, request, code, message].map(csvCell).join(','),
      );
      if (lines.length > 0) await file.writeFile(`${lines.join('\n')}\n`);
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}
