import { fileURLToPath } from 'node:url';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import type pg from 'pg';
import { MitateError } from '../../errors/index.ts';

const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url));

/** Migrations of this version, oldest first. */
export function knownMigrations(): MigrationMeta[] {
  return readMigrationFiles({ migrationsFolder });
}

/** `when` of the newest of them. */
export const newestMigration = (): number => Math.max(...knownMigrations().map(({ folderMillis }) => folderMillis));

/** `when` of the newest applied migration, and their number, from drizzle's own table, which drizzle-kit reads too. Zeros = new database. */
export async function appliedMigrations(client: Client): Promise<{ newest: number; count: number }> {
  const table = await client.query(`select to_regclass('drizzle.__drizzle_migrations') is not null as there`);
  if (!table.rows[0].there) return { newest: 0, count: 0 };
  const { rows } = await client.query(
    'select coalesce(max(created_at), 0)::text as newest, count(*)::int as count from drizzle.__drizzle_migrations',
  );
  return { newest: Number(rows[0].newest), count: rows[0].count };
}

type Client = Pick<pg.PoolClient, 'query'>;

/** Arbitrary; no other program is likely to use it in the same database. */
const lockKey = 7_463_482;

/**
 * Migrates the database to this version's schema, in one transaction; one process at a time.
 * @param name path or URL, for messages
 * @param beforeUpgrade called before an older schema with data is migrated, with its number of migrations
 * @throws WORKSPACE_NEWER
 */
export async function migrateDatabase(
  pool: pg.Pool,
  name: string,
  beforeUpgrade: (client: pg.PoolClient, count: number) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  let broken = true;
  try {
    if (!isCurrent(await appliedMigrations(client), name)) await upgrade(client, name, beforeUpgrade);
    broken = false;
  } finally {
    // closing the connection ends a broken transaction
    client.release(broken);
  }
}

async function upgrade(
  client: pg.PoolClient,
  name: string,
  beforeUpgrade: (client: pg.PoolClient, count: number) => Promise<void>,
): Promise<void> {
  await client.query('begin');
  await client.query('select pg_advisory_xact_lock($1)', [lockKey]);
  const applied = await appliedMigrations(client);
  if (!isCurrent(applied, name)) {
    if (applied.count > 0) await beforeUpgrade(client, applied.count);
    await applyMigrations(client, { after: applied.newest });
  }
  await client.query('commit');
}

/** Inside the caller's transaction. */
export async function applyMigrations(
  client: Client,
  { after = 0, upTo = Number.POSITIVE_INFINITY }: { after?: number; upTo?: number },
): Promise<void> {
  await client.query('create schema if not exists drizzle');
  await client.query(
    'create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
  );
  for (const { sql, hash, folderMillis } of knownMigrations()) {
    if (folderMillis <= after || folderMillis > upTo) continue;
    for (const statement of sql) await client.query(statement);
    await client.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [
      hash,
      folderMillis,
    ]);
  }
}

function isCurrent(applied: { newest: number; count: number }, name: string): boolean {
  const known = knownMigrations();
  const newest = newestMigration();
  if (applied.newest > newest)
    throw new MitateError('WORKSPACE_NEWER', {
      path: name,
      found: `database ${applied.count}`,
      known: `database ${known.length}`,
    });
  return applied.newest === newest;
}
