import { join } from 'node:path';
import type pg from 'pg';
import { appliedMigrations } from '../database/migrate.ts';
import type { ArchiveEntry } from './archive-writer.ts';
import { type Manifest, tablePath } from './manifest.ts';
import { exportTable, hasTable, keptTableNames } from './tables.ts';

interface ExportedDatabase {
  entries: ArchiveEntry[];
  about: Pick<Manifest, 'migration' | 'migrations' | 'tables'>;
}

/** Writes the tables, as in the caller's transaction, into a folder: plain rows, so that a backup moves between PGlite and PostgreSQL. */
export async function exportDatabase(client: pg.PoolClient, folder: string): Promise<ExportedDatabase> {
  const { newest, count } = await appliedMigrations(client);
  const entries: ArchiveEntry[] = [];
  const tables: string[] = [];
  for (const table of keptTableNames) {
    // a table of a later migration
    if (!(await hasTable(client, table))) continue;
    const from = join(folder, `${table}.jsonl`);
    await exportTable(client, table, from);
    tables.push(table);
    entries.push({ path: tablePath(table), from });
  }
  return { entries, about: { migration: newest, migrations: count, tables } };
}
