import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { WatchedEndpoint } from '../../tests/support/watched-endpoint.ts';

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

const drawn = 2_000;

/** A few drawn requests, each many times over the day under new ids; the newest `labelled` have a label. */
export async function fillRequests(
  workspace: string,
  options: { rows: number; labelled: number; day: { from: Date; to: Date }; log: (text: string) => void },
): Promise<void> {
  const { rows, labelled, day, log } = options;
  await using store = await openStore({ workspace, now: () => day.from });
  const watched = await WatchedEndpoint.in(store, new ScratchFolder());
  await watched.log(drawn, day);
  const started = performance.now();
  await multiply(store, { from: drawn, to: rows, start: day.from });
  await store.connection.pool.query(
    `insert into feedback (project, request, endpoint, kind, label, truth, new_class, source, who, request_at, at)
     select project, public_id, endpoint, 'label', label, label, false, 'api', 'bench', logging_time, logging_time
     from fact_requests order by request_id desc limit ${labelled}`,
  );
  log(`${rows.toLocaleString('en')} rows in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}
