import type pg from 'pg';
import { hasTable } from './tables.ts';

type Client = Pick<pg.PoolClient, 'query'>;

/** Erasures in this workspace: restoring an older backup must not undo them. */
export async function readTombstones(client: Client): Promise<string[]> {
  if (!(await hasTable(client, 'tombstones'))) return [];
  const { rows } = await client.query<{ line: string }>('select row_to_json(t)::text as line from tombstones t');
  return rows.map(({ line }) => line);
}

/**
 * Adds the tombstones to those of the backup, and erases its requests, their feedback and golden photos again. Photos inside artifacts
 * remain: "log erase" rewrites those.
 */
export async function keepErased(client: Client, tombstones: readonly string[]): Promise<void> {
  if (tombstones.length === 0) return;
  await client.query(
    `insert into tombstones select * from json_populate_recordset(null::tombstones, $1::json)
     on conflict (hash) do update set at = greatest(tombstones.at, excluded.at)`,
    [`[${tombstones.join(',')}]`],
  );
  const images = await client.query<{ id: string }>(`delete from fact_requests f using tombstones t
    where t.kind = 'image' and t.hash = ${hashOf('f.image_sha256')} and f.logging_time <= t.at returning f.public_id as id`);
  const ids = JSON.stringify(images.rows.map(({ id }) => id));
  for (const [table, id] of ofRequests)
    await client.query(
      `delete from ${table} f where exists (select from tombstones t where t.kind = 'request' and t.hash = ${hashOf(`f.${id}`)})
       or f.${id} in (select value::uuid from json_array_elements_text($1::json))`,
      [ids],
    );
  for (const table of ['golden_examples', 'flywheel_photos'])
    await client.query(
      `delete from ${table} f using tombstones t
       where t.kind = 'image' and t.hash in (${hashOf('f.image_sha256')}, ${hashOf('f.sha256')})`,
    );
}

/** Feedback and review items of a request go with it. */
const ofRequests = [
  ['fact_requests', 'public_id'],
  ['feedback', 'request'],
  ['review_items', 'request'],
] as const;

/** As `eraseRequests` computes them. */
const hashOf = (id: string) => `encode(sha256(convert_to(f.project || '/' || ${id}, 'UTF8')), 'hex')`;
