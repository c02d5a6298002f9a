import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import type pg from 'pg';
import { MitateError } from '../../errors/index.ts';

export const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url));

interface Journal {
  entries: { when: number; tag: string }[];
}

/** `when` of each migration this program knows, oldest first: the number by which the database remembers it. */
function knownMigrations(folder: string): number[] {
  const path = join(folder, 'meta', '_journal.json');
  if (!existsSync(path)) throw new MitateError('INTERNAL', { reason: `the migrations at ${folder} are missing` });
  return (JSON.parse(readFileSync(path, 'utf8')) as Journal).entries.map(({ when }) => when);
}

async function appliedMigrations(client: pg.PoolClient): Promise<number[]> {
  const table = await client.query(`select to_regclass('drizzle.__drizzle_migrations') as name`);
  if (table.rows[0].name === null) return [];
  const { rows } = await client.query('select created_at from drizzle.__drizzle_migrations order by created_at');
  return rows.map((row: { created_at: string }) => Number(row.created_at));
}

/** Any number that no other program is likely to lock in the same database. */
const lockKey = 7_463_482;

/**
 * Brings the database to this program's schema; one process at a time.
 * @param name path or URL, for messages
 * @param beforeUpgrade called when an older schema with data is about to be migrated
 * @throws WORKSPACE_NEWER
 */
export async function migrateDatabase(
  pool: pg.Pool,
  name: string,
  beforeUpgrade: () => Promise<void>,
  folder: string = migrationsFolder,
): Promise<void> {
  const known = knownMigrations(folder);
  const client = await pool.connect();
  try {
    if (isCurrent(await appliedMigrations(client), known, name)) return;
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    try {
      const applied = await appliedMigrations(client);
      if (isCurrent(applied, known, name)) return;
      if (applied.length > 0) await beforeUpgrade();
      await applyMigrations(drizzle(client), { migrationsFolder: folder });
    } finally {
      await client.query('select pg_advisory_unlock($1)', [lockKey]);
    }
  } finally {
    client.release();
  }
}

function isCurrent(applied: number[], known: number[], name: string): boolean {
  const newest = known.at(-1)!;
  if ((applied.at(-1) ?? 0) <= newest) return applied.at(-1) === newest;
  throw new MitateError('WORKSPACE_NEWER', {
    path: name,
    found: `database ${applied.length}`,
    known: `database ${known.length}`,
  });
}
