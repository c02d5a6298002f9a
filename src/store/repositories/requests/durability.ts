import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { syncPath } from '../../artifacts/sync.ts';
import type { RepositoryContext } from '../context.ts';

/**
 * PGlite runs with fsync off: CHECKPOINT brings its pages to the files, and what changed there since the last time is synced here. A server
 * has done so at commit.
 */
export async function syncDatabase({ database, databaseDir }: RepositoryContext): Promise<void> {
  if (databaseDir === null) return;
  const since = syncedAt.get(databaseDir) ?? 0;
  const now = Date.now();
  await database.execute(sql`checkpoint`);
  const entries = await readdir(databaseDir, { recursive: true, withFileTypes: true });
  const folders = new Set([databaseDir]);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // a file may go while the folder is read; file times are of the kernel's clock tick, 4 ms behind
    const about = await stat(path).catch(() => null);
    if (about === null || Math.max(about.mtimeMs, about.ctimeMs) < since - clockTickMs) continue;
    folders.add(entry.parentPath);
    await syncPath(path, false).catch(unlessGone);
  }
  for (const folder of folders) await syncPath(folder, true);
  syncedAt.set(databaseDir, now);
}

const clockTickMs = 1_000;
const syncedAt = new Map<string, number>();

function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
