import type pg from 'pg';

/** What a restore of another workspace's archive leaves out or turns off, in rows. */
export interface Dropped {
  keys: number;
  users: number;
  secrets: number;
  channels: number;
  /** Turned off. */
  triggers: number;
}

/**
 * Whoever made the archive chose its keys and passwords: nobody may sign in with them. Its secrets would be sent to whom it names, and its channels
 * name them. Its triggers would run what they name within a minute, and its runs name files by which a pipeline is found.
 */
export async function dropAccess(client: Pick<pg.PoolClient, 'query'>): Promise<Dropped> {
  const rowsOf = async (query: string) => (await client.query(query)).rowCount ?? 0;
  await client.query('delete from user_roles');
  await client.query(`delete from deliveries where state = 'waiting'`);
  await client.query('update runs set source = null where source is not null');
  return {
    keys: await rowsOf('delete from api_keys'),
    users: await rowsOf('delete from users'),
    secrets: await rowsOf('delete from secrets'),
    channels: await rowsOf('delete from channels'),
    triggers: await rowsOf(
      `update triggers set definition = definition || '{"isEnabled": false, "isConfined": true}'::jsonb`,
    ),
  };
}
