import type { OpenStore } from '../../src/store/open-store.ts';

/** Logged requests, each many times over a day under new ids, until there are `to` of the `from` that are there. */
export async function multiply(
  { connection: { pool } }: OpenStore,
  { from, to, start }: { from: number; to: number; start: Date },
): Promise<void> {
  const { rows: columns } = await pool.query<{ name: string }>(
    `select column_name as name from information_schema.columns
     where table_name = 'fact_requests' and column_name not in ('request_id', 'public_id', 'logging_time')`,
  );
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const atOnce = 20_000;
  for (let added = from; added < to; added += atOnce)
    await pool.query(
      `insert into fact_requests (public_id, logging_time, ${names})
       select gen_random_uuid(), '${start.toISOString()}'::timestamptz + ${added / to} * interval '1 day'
         + row_number() over () * interval '${86_400 / to} seconds', ${names}
       from (select * from fact_requests order by request_id limit ${from}) sample, generate_series(1, ${Math.min(atOnce, to - added) / from})`,
    );
}
