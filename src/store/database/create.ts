import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { unpackTemplate } from './template.ts';

/** Atomic: a process killed here leaves only `db.new`. */
export async function createDatabase(folder: string): Promise<void> {
  const fresh = `${folder}.new`;
  if (!(await fromTemplate(fresh))) await initialise(fresh);
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}

/** False also when the template is from another PostgreSQL version than the installed PGlite. */
async function fromTemplate(folder: string): Promise<boolean> {
  empty(folder);
  try {
    if (!(await unpackTemplate(folder))) return false;
    await (await PGlite.create(folder)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    return false;
  }
}

/** PostgreSQL's initdb. */
export async function initialise(folder: string): Promise<void> {
  empty(folder);
  const database = await PGlite.create(folder);
  await database.exec('checkpoint');
  await database.close();
}

function empty(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}
