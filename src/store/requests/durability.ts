import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sql } from 'drizzle-orm';
import { syncPath } from '../../files/sync.ts';
import type { RepositoryContext } from '../database/context.ts';

/** Files synced since this process opened the database; unchanged ones are skipped. */
const syncedAt = new Map<string, Moment>();
/** File times have the resolution of the kernel's tick. */
const tickMs = 1_000;
const atOnce = 16;

/**
 * PGlite runs with fsync off: CHECKPOINT writes its pages to the files, and the files changed since the last call are synced here. A
 * server syncs at commit.
 */
export async function syncDatabase({ database, databaseDir }: RepositoryContext): Promise<void> {
  if (databaseDir === null) return;
  const now = { wallMs: Date.now(), steadyMs: performance.now() };
  const since = sinceOf(syncedAt.get(databaseDir), now);
  await database.execute(sql`checkpoint`);
  const changed = await changedFiles(databaseDir, since - tickMs);
  await each(changed, (path) => syncPath(path, false).catch(unlessGone));
  await each([...new Set([databaseDir, ...changed.map((path) => dirname(path))])], (path) => syncPath(path, true));
  syncedAt.set(databaseDir, now);
}

interface Moment {
  wallMs: number;
  steadyMs: number;
}

/** Times of files do not tell what changed since then if the clock was set meanwhile: 0 = any time. */
function sinceOf(before: Moment | undefined, now: Moment): number {
  if (before === undefined) return 0;
  const stepMs = now.wallMs - before.wallMs - (now.steadyMs - before.steadyMs);
  return Math.abs(stepMs) > tickMs / 2 ? 0 : before.wallMs;
}

async function changedFiles(dir: string, since: number): Promise<string[]> {
  const changed: string[] = [];
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  await each(entries, async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const about = entry.isFile() ? await stat(path).catch(() => null) : null;
    if (about && Math.max(about.mtimeMs, about.ctimeMs) >= since) changed.push(path);
  });
  return changed;
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** PostgreSQL may remove files while the folder is read. */
function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
