import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { csvHeader, csvLine } from './csv.ts';
import type { InferenceRow } from './infer.ts';

export interface Written {
  photos: number;
  failed: number;
}

/** Writes rows as they arrive, to `predictions.jsonl` or `predictions.csv` in the folder. */
export async function writeRows(
  folder: string,
  format: 'jsonl' | 'csv',
  labels: readonly string[],
  rows: AsyncIterable<InferenceRow>,
  onRow: (photos: number) => void = () => {},
): Promise<Written> {
  await using file = await open(join(folder, `predictions.${format}`), 'w');
  if (format === 'csv') await file.write(csvHeader(labels));
  const written = { photos: 0, failed: 0 };
  for await (const row of rows) {
    await file.write(format === 'csv' ? csvLine(row, labels) : `${JSON.stringify(row)}\n`);
    written.photos++;
    if ('error' in row) written.failed++;
    onRow(written.photos);
  }
  await file.sync();
  return written;
}
