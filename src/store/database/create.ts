import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { unpackTemplate } from './template.ts';

/** Atomic: a process killed here leaves only `db.new`. */
export async function createDatabase(folder: string): Promise<PGlite> {
  const fresh = `${folder}.new`;
  empty(fresh);
  const isMigrated = await unpackTemplate(fresh);
  if (!isMigrated) await initialise(fresh);
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
  const database = await openDatabase(folder);
  // the template's rows are as old as the template
  if (isMigrated) await database.exec('update projects set created_at = now()');
  return database;
}

/** PGlite's default of 128 MB of buffers takes 0.3 s and 100 MB of memory at each start; the operating system caches the files too. */
export const openDatabase = (folder: string): Promise<PGlite> =>
  PGlite.create(folder, { startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB'] });

/** PostgreSQL's initdb. */
export async function initialise(folder: string): Promise<void> {
  empty(folder);
  const database = await openDatabase(folder);
  await database.exec('checkpoint');
  await database.close();
}

function empty(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}
