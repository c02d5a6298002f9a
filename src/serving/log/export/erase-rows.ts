import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { rewriteParquet } from './export-requests.ts';

/** Rows to delete from a file of requests. */
export interface ErasedRows {
  publicIds: ReadonlySet<string>;
  images: ReadonlySet<string>;
}

export async function archivedFiles(logDir: string, project: string): Promise<string[]> {
  const dir = join(logDir, encodeURIComponent(project));
  const names = await readdir(dir).catch(() => []);
  return names.filter((name) => name.endsWith('.parquet')).map((name) => join(dir, name));
}

/** Rewrites an exported Parquet file without the rows, if it has any. @returns their number */
export async function eraseFromParquet(path: string, { publicIds, images }: ErasedRows): Promise<number> {
  const file = await asyncBufferFromFile(path);
  const keys = await parquetReadObjects({ file, columns: ['public_id', 'shadow_of', 'image_sha256'] });
  const isErased = (row: Record<string, unknown>) =>
    publicIds.has(row.public_id as string) ||
    publicIds.has(row.shadow_of as string) ||
    images.has(row.image_sha256 as string);
  const count = keys.filter(isErased).length;
  if (count > 0)
    await rewriteParquet(
      path,
      keptRows(file, keys.length, (row) => !isErased(row)),
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
