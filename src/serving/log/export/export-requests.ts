import { open } from 'node:fs/promises';
import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import { writeWholeFile } from '../../../store/workspace/whole-file.ts';
import { type ExportedRequest, exportColumns, exportRow, parquetSchema } from './columns.ts';

export const exportFormats = ['parquet', 'jsonl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** About 3 MB per row group. */
const groupRows = 5_000;

/**
 * Writes requests to a file, which appears by rename. Memory: one row group.
 * @returns the number of requests
 * @throws DISK_FULL
 */
export async function exportRequests(
  path: string,
  format: ExportFormat,
  pages: AsyncIterable<ExportedRequest[]>,
): Promise<number> {
  let count = 0;
  const rows = async function* () {
    for await (const page of pages) {
      count += page.length;
      for (const request of page) yield exportRow(request);
    }
  };
  await writeWholeFile(path, (temporary) => writers[format](temporary, rows()));
  return count;
}

/** Replaces a Parquet file by these rows of one. @throws DISK_FULL */
export function rewriteParquet(path: string, rows: Rows): Promise<void> {
  return writeWholeFile(path, (temporary) => writers.parquet(temporary, rows));
}

type Rows = AsyncIterable<Record<string, unknown>>;

const writers: Record<ExportFormat, (path: string, rows: Rows) => Promise<void>> = {
  parquet: async (path, rows) => {
    const columns = exportColumns.map(({ name }) => ({ name }));
    const writer = fileWriter(path);
    await parquetWriteRows({ writer, rows, columns, schema: parquetSchema(), rowGroupSize: groupRows });
  },
  jsonl: async (path, rows) => {
    await using file = await open(path, 'w');
    for await (const row of rows) await file.write(`${JSON.stringify(row, bigAsNumber)}\n`);
  },
};

function bigAsNumber(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
