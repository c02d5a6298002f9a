import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type pg from 'pg';
import { listFiles } from '../artifacts/tree-digest.ts';
import type { ArchiveEntry } from './archive-writer.ts';
import { hasTable } from './tables.ts';

type Client = Pick<pg.PoolClient, 'query'>;

interface GoldenFiles {
  entries: ArchiveEntry[];
  /** `golden/<project>/<set>/<sha256>` of photos that are in the database but whose files are missing. */
  missing: string[];
}

/** Files of the golden photos in the database: they cannot be recreated. */
export async function goldenFiles(client: Client, folder: string): Promise<GoldenFiles> {
  const missing = await knownPhotos(client);
  const entries: ArchiveEntry[] = [];
  for (const path of existsSync(folder) ? await listFiles(folder) : [])
    if (missing.delete(nameOf(path))) entries.push({ path: `golden/${path}`, from: join(folder, path) });
  return { entries, missing: [...missing].sort() };
}

/** Copies files of a backup into a workspace. @returns their paths below its folder */
export async function placeGolden(from: string, folder: string): Promise<string[]> {
  const placed = existsSync(from) ? await listFiles(from) : [];
  for (const path of placed) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(from, path), `${target}.tmp`);
    await rename(`${target}.tmp`, target);
  }
  return placed;
}

/** Removes restored files whose photos were erased. */
export async function removeUnnoted(client: Client, folder: string, placed: readonly string[]): Promise<void> {
  const known = await knownPhotos(client);
  for (const path of placed) if (!known.has(nameOf(path))) await rm(join(folder, path), { force: true });
}

async function knownPhotos(client: Client): Promise<Set<string>> {
  if (!(await hasTable(client, 'golden_examples'))) return new Set();
  const { rows } = await client.query<{ project: string; set: string; sha256: string }>(
    'select project, set_name as set, sha256 from golden_examples',
  );
  return new Set(rows.map(({ project, set, sha256 }) => `golden/${encodeURIComponent(project)}/${set}/${sha256}`));
}

/** From `<project>/<set>/<label>/<sha256>.<ext>`; the label's folder is encoded on some systems. */
function nameOf(path: string): string {
  const [project, set] = path.split('/');
  return `golden/${project}/${set}/${basename(path).replace(/\.[a-z]+$/, '')}`;
}
