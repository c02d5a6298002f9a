import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../figure.ts';
import { latency, load, tally } from '../load/load.ts';
import type { BenchServer } from './server.ts';
import { endpoint, type Setting } from './setting.ts';
import { capacity } from './throughput.ts';

/** One version takes over from the other, once a second, under 70 % load. */
export async function swaps(setting: Setting): Promise<Figure[]> {
  await using server = await setting.serve();
  const perSecond = 0.7 * (await capacity(setting, server));
  const plan = {
    ...setting.predictions(server),
    arrivals: { kind: 'poisson', perSecond, seed: 1 } as const,
    readAnswers: true,
  };
  const still = await load({ ...plan, seconds: setting.scaled(60, 5) });
  const count = setting.scaled(500, 10);
  const [moving, took] = await Promise.all([
    load({ ...plan, seconds: count + 1 }),
    swapEachSecond(setting, server, count),
  ]);
  const failed = moving.samples.filter(({ status }) => status !== 200).length;
  const unnamed = moving.answers.filter(({ version }) => version === null).length;
  const versions = new Set(moving.answers.map(({ version }) => version));
  const [before, during] = [latency(still.samples, 0.99), latency(moving.samples, 0.99)];
  setting.log(
    `p99 ${before.toFixed(1)} ms still, ${during.toFixed(1)} ms while swapping (${tally(moving.samples)}); a swap takes ${took.toFixed(0)} ms`,
  );
  const what = `${count} hot swaps, one a second, at 70 % load (${perSecond.toFixed(0)}/s)`;
  return [
    {
      what: `${what}: failed requests, and answers without a version`,
      got: `${failed}, ${unnamed} of ${moving.samples.length}`,
      toReach: '0, 0',
      met: failed === 0 && unnamed === 0 && versions.size === 2,
      note: `versions ${[...versions].sort().join(' and ')} answered; a swap takes ${took.toFixed(0)} ms on average`,
    },
    {
      what: 'the same: p99',
      got: `${during.toFixed(1)} ms (x ${(during / before).toFixed(2)})`,
      toReach: '<= x 2 of the same load without swaps',
      met: during <= 2 * before,
      ceiling: `${before.toFixed(1)} ms`,
    },
  ];
}

/** @returns ms from the request to promote to its answer, mean */
async function swapEachSecond({ key }: Setting, server: BenchServer, count: number): Promise<number> {
  const { endpoints } = server.client(key);
  let spent = 0;
  for (let i = 0; i < count; i++) {
    const from = performance.now();
    await endpoints.promote(endpoint, { model: `leaf-health@${2 - (i % 2)}`, force: true, why: 'bench' });
    const took = performance.now() - from;
    spent += took;
    await sleep(Math.max(0, 1_000 - took));
  }
  return spent / count;
}
