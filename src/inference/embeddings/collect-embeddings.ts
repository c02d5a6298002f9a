import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddingSpace, segmentEnding, spaceFile } from './embedding-cache.ts';
import { type EmbeddingKey, type EmbeddingRow, EmbeddingSegment, writeSegment } from './embedding-segment.ts';

/** Files with fewer rows are merged: each small retraining leaves one. */
const smallRows = 128;
const mergedRows = 256;

export interface Collected {
  kept: number;
  removed: number;
  freedBytes: number;
}

/**
 * Removes the embeddings that `keep` rejects, and merges small files. Not while a run uses the cache: it would compute the moved rows again.
 * @param root as for `EmbeddingCache.open`; may be missing
 * @param options.dryRun only count
 */
export async function collectEmbeddings(
  root: string,
  keep: (key: EmbeddingKey, space: EmbeddingSpace) => boolean,
  options: { dryRun?: boolean } = {},
): Promise<Collected> {
  const total: Collected = { kept: 0, removed: 0, freedBytes: 0 };
  for (const name of (await readdir(root).catch(() => [])).sort()) {
    await collectSpace(join(root, name), keep, options.dryRun ?? false, total);
  }
  return total;
}

async function collectSpace(
  folder: string,
  keep: (key: EmbeddingKey, space: EmbeddingSpace) => boolean,
  dryRun: boolean,
  total: Collected,
): Promise<void> {
  const space: EmbeddingSpace = JSON.parse(await readFile(join(folder, spaceFile), 'utf8'));
  const before = total.kept;
  const merge: { segment: EmbeddingSegment; rows: number[] }[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith(segmentEnding)).sort()) {
    const segment = EmbeddingSegment.open(join(folder, name), space.size);
    const rows = segment ? wantedRows(segment, space, keep) : [];
    const dropped = (segment?.count ?? 0) - rows.length;
    total.kept += rows.length;
    total.removed += dropped;
    total.freedBytes += segment ? dropped * (4 * space.size + 37) : (await stat(join(folder, name))).size;
    if (!segment) await (dryRun || rm(join(folder, name)));
    else if (dropped > 0 || rows.length < smallRows) merge.push({ segment, rows });
  }
  const unchanged = merge.length === 1 && merge.every(({ segment, rows }) => rows.length === segment.count);
  if (dryRun || unchanged) return;
  await rewrite(folder, merge);
  if (total.kept === before) await rm(folder, { recursive: true });
}

function wantedRows(
  segment: EmbeddingSegment,
  space: EmbeddingSpace,
  keep: (key: EmbeddingKey, space: EmbeddingSpace) => boolean,
): number[] {
  return Array.from({ length: segment.count }, (_, row) => row).filter((row) => keep(segment.key(row), space));
}

/** Writes new files, then deletes the old ones: a kill in between leaves both, which is harmless. */
async function rewrite(folder: string, merge: { segment: EmbeddingSegment; rows: number[] }[]): Promise<void> {
  const written = new Set<string>();
  let rows: EmbeddingRow[] = [];
  const write = async () => {
    if (rows.length > 0) written.add(await writeSegment(folder, rows));
    rows = [];
  };
  for (const { segment, rows: wanted } of merge) {
    for (const row of wanted) {
      const vector = segment.read(row);
      if (vector) rows.push({ key: segment.key(row), vector });
      if (rows.length === mergedRows) await write();
    }
    segment.close();
  }
  await write();
  for (const { segment } of merge) if (!written.has(segment.path)) await rm(segment.path, { force: true });
}
