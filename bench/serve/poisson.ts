import type { Figure } from '../figure.ts';
import { latency, load, tally } from '../load/load.ts';
import { bareMedianMs } from './ceiling.ts';
import type { Setting } from './setting.ts';
import { capacity, percent } from './throughput.ts';

/** Independent requests at 70 % of the server's capacity. */
export async function poisson(setting: Setting): Promise<Figure[]> {
  const { modelUri, photos, log } = setting;
  await using server = await setting.serve();
  const bareMs = await bareMedianMs({ modelUri, photos, seconds: setting.scaled(10, 3) });
  const perSecond = 0.7 * (await capacity(setting, server));
  const arrivals = { kind: 'poisson', perSecond, seed: 1 } as const;
  const result = await load({ ...setting.predictions(server), arrivals, seconds: setting.scaled(60, 5) });
  const { samples, cpuShare, lateMs } = result;
  const p99 = latency(samples, 0.99);
  log(
    `${perSecond.toFixed(0)}/s: p50 ${latency(samples, 0.5).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (${tally(samples)})`,
  );
  return [
    {
      what: `70 % load (${perSecond.toFixed(0)}/s), Poisson arrivals, p99`,
      got: `${p99.toFixed(1)} ms (x ${(p99 / bareMs).toFixed(1)})`,
      toReach: '<= x 6 of the bare p50',
      met: p99 <= 6 * bareMs && samples.every(({ status }) => status === 200),
      ceiling: `${bareMs.toFixed(1)} ms`,
      note: `p50 ${latency(samples, 0.5).toFixed(1)} ms, ${tally(samples)}; counted from when a request was due; the generator takes ${percent(cpuShare)} of a core and is ${lateMs.toFixed(1)} ms late at p99`,
    },
  ];
}
