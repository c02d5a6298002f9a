import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { writeRowsAnew } from './export-requests.ts';

/** What is to go from a file of requests. */
export interface ErasedRows {
  publicIds: ReadonlySet<string>;
  images: ReadonlySet<string>;
}

/** Parquet files of a project's months that have left the database. */
export async function archivedFiles(logDir: string, project: string): Promise<string[]> {
  const dir = join(logDir, encodeURIComponent(project));
  const names = await readdir(dir).catch(() => []);
  return names.filter((name) => name.endsWith('.parquet')).map((name) => join(dir, name));
}

/** Writes an exported Parquet file anew without the rows, when it has any. @returns how many it had */
export async function eraseFromParquet(path: string, { publicIds, images }: ErasedRows): Promise<number> {
  const file = await asyncBufferFromFile(path);
  const keys = await parquetReadObjects({ file, columns: ['public_id', 'shadow_of', 'image_sha256'] });
  const goes = (row: Record<string, unknown>) =>
    publicIds.has(row.public_id as string) ||
    publicIds.has(row.shadow_of as string) ||
    images.has(row.image_sha256 as string);
  const count = keys.filter(goes).length;
  if (count > 0)
    await writeRowsAnew(
      path,
      keptRows(file, keys.length, (row) => !goes(row)),
    );
  return count;
}

const pageRows = 5_000;

async function* keptRows(
  file: Awaited<ReturnType<typeof asyncBufferFromFile>>,
  total: number,
  keeps: (row: Record<string, unknown>) => boolean,
): AsyncGenerator<Record<string, unknown>> {
  for (let rowStart = 0; rowStart < total; rowStart += pageRows) {
    const rows = await parquetReadObjects({ file, rowStart, rowEnd: Math.min(total, rowStart + pageRows) });
    yield* rows.filter(keeps);
  }
}
