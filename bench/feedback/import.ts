import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { ScratchFolder } from '../../tests/support/scratch-folder.ts';
import { WatchedEndpoint } from '../../tests/support/watched-endpoint.ts';
import type { BenchContext, Figure } from '../figure.ts';
import type { ImportRun } from './import-process.ts';
import { multiply } from './multiply.ts';

const drawn = 2_000;
const day = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-02T00:00:00Z') };

/** A CSV file with a verdict on every answered one of a million requests, as `mitate feedback import` takes it; and the same file again. */
export async function importLabels({ scratch, options, log }: BenchContext): Promise<Figure[]> {
  const [workspace, file] = [join(scratch, 'workspace'), join(scratch, 'labels.csv')];
  const rows = Math.round(1_000_000 * options.scale);
  const labels = await fill(workspace, file, rows);
  log(`${rows.toLocaleString('en')} requests are logged, ${labels.toLocaleString('en')} of them answered`);
  const first = await importOnce(workspace, file);
  const again = await importOnce(workspace, file);
  return [
    {
      what: `${labels.toLocaleString('en')} verdicts from a CSV file`,
      got: `${first.seconds.toFixed(0)} s (${(labels / first.seconds).toFixed(0)} rows/s)`,
      toReach: 'all are added',
      met: first.added === labels,
      note: `${first.cpuSeconds.toFixed(0)} s of the importing process's CPU; the rest is the database's`,
    },
    {
      what: 'memory growth of the importing process: total; after the first tenth',
      got: `${megabytes(first.grewBytes)}; ${megabytes(first.grewLateBytes)}`,
      toReach: '<= 150 MB; <= 50 MB',
      met: first.grewBytes <= 150e6 && first.grewLateBytes <= 50e6,
    },
    {
      what: 'the same file again',
      got: `${again.seconds.toFixed(0)} s`,
      toReach: 'nothing is added',
      met: again.added === 0 && again.repeated === labels,
    },
  ];
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

async function importOnce(workspace: string, file: string): Promise<ImportRun> {
  const child = fork(fileURLToPath(new URL('./import-process.ts', import.meta.url)), [workspace, file]);
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the import ended with ${code}`)));
  const [run] = (await Promise.race([once(child, 'message'), ended])) as [ImportRun];
  // the workspace is its own until it has ended
  await ended.catch(() => {});
  return run;
}

/** @returns labels in the file */
async function fill(workspace: string, file: string, rows: number): Promise<number> {
  await using store = await openStore({ workspace, now: () => day.from });
  const watched = await WatchedEndpoint.in(store, new ScratchFolder());
  await watched.log(drawn, day);
  await multiply(store, { from: drawn, to: rows, start: day.from });
  await pipeline(Readable.from(lines(store)), createWriteStream(file));
  const counted = await store.connection.pool.query(
    `select count(*)::int as labels from fact_requests where ${isAnswered}`,
  );
  return counted.rows[0].labels;
}

const isAnswered = 'label is not null and shadow_of is null';

/** A verdict on each answered request, in random order. */
async function* lines({ connection: { pool } }: OpenStore): AsyncGenerator<string> {
  yield 'request_id,verdict\n';
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await pool.query<{ id: string }>(
      `select public_id as id from fact_requests where ${isAnswered} and public_id > $1 order by public_id limit 50000`,
      [after],
    );
    if (rows.length === 0) return;
    yield rows.map(({ id }) => `${id},right\n`).join('');
    after = rows.at(-1)!.id;
  }
}
