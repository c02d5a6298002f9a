import type pg from 'pg';
import { hasTable } from './tables.ts';

/** What a restore of another workspace's archive leaves out, in rows. */
export interface Dropped {
  keys: number;
  users: number;
}

/** Whoever made the archive chose its keys and passwords: nobody may sign in with them. */
export async function dropAccess(client: Pick<pg.PoolClient, 'query'>): Promise<Dropped> {
  const drop = async (table: string) =>
    (await hasTable(client, table)) ? ((await client.query(`delete from "${table}"`)).rowCount ?? 0) : 0;
  for (const table of ['sessions', 'user_roles', 'webhook_nonces']) await drop(table);
  return { keys: await drop('api_keys'), users: await drop('users') };
}
