import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { csvCell } from '../../codecs/csv.ts';
import type { FeedbackEntry } from '../../contracts/loop/feedback.ts';
import { MitateError } from '../../errors/index.ts';
import { attributeColumns } from '../../feedback/labels/attributes.ts';
import type { FeedbackFilter } from '../../store/feedback/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { writeWholeFile } from '../../store/workspace/whole-file.ts';

export const feedbackFormats = ['csv', 'jsonl'] as const;
export type FeedbackFormat = (typeof feedbackFormats)[number];

export interface ExportedFeedback {
  path: string;
  format: FeedbackFormat;
  rows: number;
}

export interface FeedbackExport extends Omit<FeedbackFilter, 'before' | 'after' | 'limit'> {
  format: FeedbackFormat;
  signal?: AbortSignal | undefined;
}

/** The columns that `importFeedback` reads; then what else is known of the entry, which it ignores. */
const columns: Record<string, (entry: FeedbackEntry) => unknown> = {
  request_id: ({ request }) => request,
  label: ({ kind, label }) => (kind === 'label' ? label : null),
  verdict: ({ verdict }) => verdict,
  event: ({ kind, event }) => (kind === 'outcome' ? null : event),
  outcome: ({ kind, event }) => (kind === 'outcome' ? event : null),
  value: ({ value }) => value,
  currency: ({ currency }) => currency,
  decision_ms: ({ decisionMs }) => decisionMs,
  session: ({ session }) => session,
  new_class: ({ newClass }) => newClass,
  severity: ({ attributes }) => attributeColumns(attributes).severity ?? null,
  also_shows: ({ attributes }) => attributeColumns(attributes).also_shows ?? null,
  note: ({ note }) => note,
  endpoint: ({ endpoint }) => endpoint,
  true_label: ({ truth }) => truth,
  source: ({ source }) => source,
  who: ({ who }) => who,
  at: ({ at }) => new Date(at).toISOString(),
  request_at: ({ requestAt }) => new Date(requestAt).toISOString(),
};

const pageRows = 1_000;

/**
 * Writes matching feedback of the project to a file, oldest first, so that the newest still counts when it is imported. Memory: one page.
 * @throws DISK_FULL, WORKSPACE_READ_ONLY, CANCELLED
 */
export async function exportFeedback(
  { feedback }: Pick<OpenStore, 'feedback'>,
  path: string,
  { format, signal, ...filter }: FeedbackExport,
): Promise<ExportedFeedback> {
  const file = resolve(path);
  let rows = 0;
  await writeWholeFile(file, async (temporary) => {
    await using output = await open(temporary, 'w');
    if (format === 'csv') await output.writeFile(`${Object.keys(columns).join(',')}\n`);
    for (let after = 0; ; ) {
      if (signal?.aborted) throw new MitateError('CANCELLED', {});
      const page = await feedback.list({ ...filter, after, limit: pageRows });
      await output.writeFile(page.map((entry) => `${lineOf[format](entry)}\n`).join(''));
      rows += page.length;
      if (page.length < pageRows) break;
      after = page.at(-1)!.seq;
    }
  });
  return { path: file, format, rows };
}

const lineOf: Record<FeedbackFormat, (entry: FeedbackEntry) => string> = {
  csv: (entry) =>
    Object.values(columns)
      .map((value) => cell(value(entry)))
      .join(','),
  jsonl: (entry) =>
    JSON.stringify(Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, value(entry)]))),
};

const cell = (value: unknown) => (value === null ? '' : csvCell(typeof value === 'number' ? value : String(value)));
