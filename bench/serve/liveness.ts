import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Figure } from '../figure.ts';
import { latency, load, tally } from '../load/load.ts';
import { BenchServer } from './server.ts';
import type { Setting } from './setting.ts';
import { saturate } from './throughput.ts';

/** `/livez`, asked 50 times a second, while every process is busy; and while a report reads a log of a million rows too. */
export async function liveness(setting: Setting): Promise<Figure[]> {
  const workspace = await setting.copy();
  await using server = await BenchServer.start({ ...setting.options, workspace });
  await saturate(setting, server, 3);
  const saturated = await probe(setting, server);
  const rows = setting.scaled(1_000_000, 10_000);
  const report = fork(fileURLToPath(new URL('./report.ts', import.meta.url)), [workspace, String(rows)]);
  const ended = once(report, 'exit').then(([code]) => Promise.reject(new Error(`the report ended with ${code}`)));
  await Promise.race([once(report, 'message'), ended]);
  report.send('go');
  const scanned = await probe(setting, server);
  report.send('stop');
  const [{ scans, seconds }] = await Promise.race([once(report, 'message'), ended]);
  ended.catch(() => {});
  setting.log(`${scans} scans of ${rows} rows, ${(seconds / scans).toFixed(2)} s each`);
  return [
    figure('/livez while saturated, p99', saturated),
    figure(
      `/livez while saturated and a report scans ${rows.toLocaleString('en')} rows again and again, p99`,
      scanned,
      `${scans} scans of ${(seconds / scans).toFixed(2)} s`,
    ),
  ];
}

async function probe(setting: Setting, server: BenchServer) {
  const seconds = setting.scaled(30, 4);
  const arrivals = { kind: 'poisson', perSecond: 50, seed: 2 } as const;
  const [{ samples }, busy] = await Promise.all([
    load({ url: server.url, path: '/livez', arrivals, seconds }),
    saturate(setting, server, seconds + 1),
  ]);
  setting.log(
    `livez p50 ${latency(samples, 0.5).toFixed(1)} ms, p99 ${latency(samples, 0.99).toFixed(1)} ms (${tally(samples)}; load ${tally(busy.samples)})`,
  );
  return samples;
}

function figure(what: string, samples: Awaited<ReturnType<typeof probe>>, note?: string): Figure {
  const p99 = latency(samples, 0.99);
  const met = p99 <= 10 && samples.every(({ status }) => status === 200);
  return { what, got: `${p99.toFixed(1)} ms`, toReach: '<= 10 ms', met, ...(note && { note }) };
}
