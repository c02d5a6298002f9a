import { existsSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { syncPath } from '../../files/sync.ts';
import type { ArchiveEntry } from './archive-writer.ts';
import { isKeptPhotoPath } from './kept-photo-tally.ts';

/** Stored photos of requests, by path. There may be millions: no more than one shard's names are in memory. */
export async function* keptPhotos(dir: string): AsyncGenerator<ArchiveEntry> {
  for await (const { project, shard, names } of shards(dir))
    for (const name of names) {
      const path = `images/${project}/${shard}/${name}`;
      if (isKeptPhotoPath(path)) yield { path, from: join(dir, project, shard, name) };
    }
}

async function* shards(dir: string): AsyncGenerator<{ project: string; shard: string; names: string[] }> {
  if (!existsSync(dir)) return;
  // as the paths sort: "a-b/" comes before "a/"
  const projects = (await folders(dir)).map((name) => `${name}/`).sort();
  for (const project of projects.map((name) => name.slice(0, -1)))
    for (const shard of (await folders(join(dir, project))).sort())
      yield { project, shard, names: (await readdir(join(dir, project, shard))).sort() };
}

async function folders(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Moves the photos of a backup into a workspace, except those that no logged request has kept, such as erased ones. @returns how many */
export async function placeKeptPhotos(pool: pg.Pool, from: string, to: string): Promise<number> {
  let placed = 0;
  for await (const { project, shard, names } of shards(from)) {
    const { rows } = await pool.query<{ name: string }>(
      'select distinct image_sha256 as name from fact_requests where project = $1 and image_kept and image_sha256 = any($2)',
      [project, names],
    );
    if (rows.length === 0) continue;
    const target = join(to, project, shard);
    await mkdir(target, { recursive: true, mode: 0o700 });
    for (const { name } of rows) await rename(join(from, project, shard, name), join(target, name));
    await syncPath(target, true);
    placed += rows.length;
  }
  return placed;
}
