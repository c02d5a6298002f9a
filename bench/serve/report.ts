/** A person's report on the log, beside the server: fills the log up to so many rows, then reads all of them again and again. */
import { openStore } from '../../src/store/open-store.ts';

const [workspace, rows] = process.argv.slice(2) as [string, string];
await using store = await openStore({ workspace, attach: true });
const { pool } = store.connection;

/** Every column of a row that is there, under new ids. */
async function fill(): Promise<void> {
  const { rows: columns } = await pool.query<{ name: string }>(
    `select column_name as name from information_schema.columns where table_name = 'fact_requests' and column_name not in ('request_id', 'public_id') order by 1`,
  );
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  for (let added = 0; added < Number(rows); added += 10_000)
    await pool.query(
      `insert into fact_requests (public_id, ${names}) select gen_random_uuid(), ${names} from (select * from fact_requests limit 100) sample, generate_series(1, 100)`,
    );
}

await fill();
let stopped = false;
process.once('message', async () => {
  process.once('message', () => {
    stopped = true;
  });
  const started = performance.now();
  let scans = 0;
  for (; !stopped; scans++)
    await pool.query(
      `select endpoint, label, count(*), avg(coalesce(positive_probability, probability)), percentile_cont(0.99) within group (order by latency_ms) from fact_requests group by endpoint, label`,
    );
  process.send?.({ scans, seconds: (performance.now() - started) / 1000 });
  process.disconnect();
});
process.send?.('filled');
await new Promise((resolve) => process.once('disconnect', resolve));
