import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { applyMigrations } from '../database/migrate.ts';
import type { Manifest } from './manifest.ts';
import { importTable, tableNames } from './tables.ts';
import { keepErased, readTombstones } from './tombstones.ts';

/**
 * Replaces all rows by those of a backup (erasures of this workspace stay), in one transaction: the schema of that time, its rows, then
 * later migrations.
 */
export async function importDatabase(pool: pg.Pool, manifest: Manifest, folder: string): Promise<void> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('begin');
    const erased = await readTombstones(client);
    for (const table of tableNames.toReversed()) await client.query(`drop table if exists "${table}" cascade`);
    await client.query('drop table if exists drizzle.__drizzle_migrations');
    await applyMigrations(client, { upTo: manifest.migration });
    for (const table of manifest.tables) {
      const file = join(folder, `${table}.jsonl`);
      if (existsSync(file)) await importTable(client, table, file);
    }
    await applyMigrations(client, { after: manifest.migration });
    await keepErased(client, erased);
    await client.query('commit');
    broken = false;
  } finally {
    client.release(broken);
  }
}
