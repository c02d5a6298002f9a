import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchContext, Figure } from '../figure.ts';
import { latency, load, tally } from '../load/load.ts';
import { BenchServer } from '../serve/server.ts';
import type { MonitorsRun } from './million-monitors.ts';
import { fillRequests } from './multiply.ts';

const labelled = 5_000;
const day = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-02T00:00:00Z') };

/** All default monitors over a day of a million requests, in a worker's process beside a server that is asked `/livez` meanwhile. */
export async function million({ scratch, options, log }: BenchContext): Promise<Figure[]> {
  const workspace = join(scratch, 'workspace');
  const rows = Math.round(1_000_000 * options.scale);
  await fillRequests(workspace, { rows, labelled, day, log });
  await using server = await BenchServer.start({ ...options, workspace });
  const monitors = fork(fileURLToPath(new URL('./million-monitors.ts', import.meta.url)), [
    workspace,
    day.to.toISOString(),
  ]);
  const ended = once(monitors, 'exit').then(([code]) => Promise.reject(new Error(`the monitors ended with ${code}`)));
  await Promise.race([once(monitors, 'message'), ended]);
  const before = server.memory();
  const quiet = await probe(server, 5);
  monitors.send('go');
  const probing = probe(server, 30);
  const [run] = (await Promise.race([once(monitors, 'message'), ended])) as [MonitorsRun];
  ended.catch(() => {});
  const grewServer = Math.max(0, server.memory() - before);
  const busy = (await probing).filter(({ atMs }) => atMs <= 1000 * run.seconds);
  for (const { monitor, state, said } of run.results) log(`${monitor} ${state}: ${said}`);
  const judged = run.results.filter(({ state }) => state === 'ok' || state === 'breach').length;
  return [
    {
      what: `all ${run.results.length} default monitors over ${rows.toLocaleString('en')} logged requests`,
      got: `${run.seconds.toFixed(1)} s`,
      toReach: '<= 30 s',
      met: run.seconds <= 30 && judged >= 13,
      note: `${run.cpuSeconds.toFixed(1)} s of the worker's CPU; ${judged} with enough data; the others need the version's first week or heat maps`,
    },
    {
      what: 'memory growth of the worker; of the server with its database',
      got: `${megabytes(run.grewBytes)}; ${megabytes(grewServer)}`,
      toReach: '<= 200 MB',
      met: run.grewBytes + grewServer <= 200e6,
    },
    {
      what: '/livez during it, p99',
      got: `${latency(busy, 0.99).toFixed(1)} ms`,
      toReach: '<= 10 ms',
      met: latency(busy, 0.99) <= 10 && busy.every(({ status }) => status === 200),
      ceiling: `${latency(quiet, 0.99).toFixed(1)} ms without other load`,
      note: tally(busy),
    },
  ];
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

async function probe(server: BenchServer, seconds: number) {
  const arrivals = { kind: 'poisson', perSecond: 50, seed: 2 } as const;
  return (await load({ url: server.url, path: '/livez', arrivals, seconds })).samples;
}
