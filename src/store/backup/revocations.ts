import type pg from 'pg';

type Client = Pick<pg.PoolClient, 'query'>;

const tables = ['api_keys', 'users', 'feedback_link_revocations'] as const;
export type Revocations = Record<(typeof tables)[number], unknown[]>;

/** Who was shut out of this workspace: restoring an older backup must not let them in again. */
export async function readRevocations(client: Client): Promise<Revocations> {
  const rows = async (query: string) => (await client.query(query)).rows;
  return {
    api_keys: await rows(
      'select id, revoked_at, expires_at from api_keys where coalesce(revoked_at, expires_at) is not null',
    ),
    users: await rows('select name, disabled_at from users where disabled_at is not null'),
    feedback_link_revocations: await rows('select * from feedback_link_revocations'),
  };
}

/** Revokes and disables again what the backup has as it was before. */
export async function keepRevoked(client: Client, revoked: Revocations): Promise<void> {
  const from = (table: keyof Revocations) => `json_populate_recordset(null::${table}, $1::json) r`;
  const run = (table: keyof Revocations, query: string) => client.query(query, [JSON.stringify(revoked[table])]);
  await run(
    'api_keys',
    `update api_keys k set revoked_at = coalesce(k.revoked_at, r.revoked_at), expires_at = least(k.expires_at, r.expires_at)
     from ${from('api_keys')} where k.id = r.id`,
  );
  await run(
    'users',
    `update users u set disabled_at = coalesce(u.disabled_at, r.disabled_at) from ${from('users')} where u.name = r.name`,
  );
  await run(
    'feedback_link_revocations',
    `insert into feedback_link_revocations select * from ${from('feedback_link_revocations')}
     on conflict (project, kind, subject) do update set at = greatest(feedback_link_revocations.at, excluded.at)`,
  );
}
