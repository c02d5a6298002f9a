import type pg from 'pg';

/** What a restore of another workspace's archive leaves out, in rows. */
export interface Dropped {
  keys: number;
  users: number;
  secrets: number;
}

/** Whoever made the archive chose its keys and passwords: nobody may sign in with them. Its secrets would be sent to whom it names. */
export async function dropAccess(client: Pick<pg.PoolClient, 'query'>): Promise<Dropped> {
  await client.query('delete from user_roles');
  const drop = async (table: 'api_keys' | 'users' | 'secrets') =>
    (await client.query(`delete from ${table}`)).rowCount ?? 0;
  return { keys: await drop('api_keys'), users: await drop('users'), secrets: await drop('secrets') };
}
