import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { syncPath } from '../../files/sync.ts';
import type { ArchiveEntry } from './archive-writer.ts';
import type { Manifest } from './manifest.ts';

const folder = 'images/';
const photoPath = /^images\/[a-z0-9][a-z0-9._-]*\/([0-9a-f]{2})\/\1[0-9a-f]{62}$/;
export const isKeptPhoto = (path: string): boolean => path.startsWith(folder);
export const isKeptPhotoPath = (path: string): boolean => photoPath.test(path);

/** Stored photos of requests, by path. There may be millions: no more than one shard's names are in memory. */
export async function* keptPhotos(dir: string): AsyncGenerator<ArchiveEntry> {
  for await (const { project, shard, names } of shards(dir))
    for (const name of names) {
      const path = `${folder}${project}/${shard}/${name}`;
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

/** Of the kept photos of an archive, which are not listed one by one: number, bytes, and a digest over paths and digests. */
export class KeptPhotoTally {
  readonly #hash = createHash('sha256');
  #last = '';
  #count = 0;
  #sizeBytes = 0;

  /** In the order of their paths. @returns false for one that is not after the one before */
  add({ path, sha256, sizeBytes }: Manifest['files'][number]): boolean {
    if (path <= this.#last) return false;
    this.#last = path;
    this.#count++;
    this.#sizeBytes += sizeBytes;
    this.#hash.update(`${path} ${sha256}\n`);
    return true;
  }

  sum(): NonNullable<Manifest['photos']> {
    return { count: this.#count, sizeBytes: this.#sizeBytes, sha256: this.#hash.copy().digest('hex') };
  }
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
