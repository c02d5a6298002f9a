import type { Figure } from '../figure.ts';
import { latency, load, quantile, tally } from '../load/load.ts';
import type { Sample } from '../load/plan.ts';
import type { Setting } from './setting.ts';
import { answeredRate, capacity, percent } from './throughput.ts';

const isRefusal = ({ status }: Sample) => status === 429 || status === 503;

/** Three times the server's capacity, for a minute. */
export async function overload(setting: Setting): Promise<Figure[]> {
  await using server = await setting.serve();
  const most = await capacity(setting, server);
  const seconds = setting.scaled(60, 6);
  const memory: number[] = [];
  const sampler = setInterval(() => memory.push(server.memory()), 500);
  const arrivals = { kind: 'poisson', perSecond: 3 * most, seed: 1 } as const;
  const result = await load({ ...setting.predictions(server), arrivals, seconds });
  clearInterval(sampler);
  const { samples, cpuShare } = result;
  const refusedMs = latency(samples, 0.99, isRefusal);
  const unanswered = samples.filter((sample) => sample.status !== 200 && !isRefusal(sample));
  const withoutAdvice = samples.filter((sample) => isRefusal(sample) && !sample.retryAfter).length;
  const [early, late] = thirds(memory);
  setting.log(
    `${tally(samples)}; refused p99 ${refusedMs.toFixed(1)} ms, p50 ${latency(samples, 0.5, isRefusal).toFixed(1)} ms`,
  );
  const what = `three times the capacity (${(3 * most).toFixed(0)}/s) for ${seconds} s`;
  return [
    {
      what: `${what}: answered`,
      got: `${percent(answeredRate(result) / most)} of the capacity`,
      toReach: '>= 90 %',
      met: answeredRate(result) >= 0.9 * most,
      ceiling: `${most.toFixed(0)}/s`,
      note: `answers p99 ${latency(samples, 0.99).toFixed(0)} ms; the generator takes ${percent(cpuShare)} of a core of the same machine, which it does not when the capacity is measured`,
    },
    {
      what: 'the same: refusals, p99',
      got: `${refusedMs.toFixed(1)} ms`,
      toReach: '<= 20 ms, with Retry-After',
      met: refusedMs <= 20 && withoutAdvice === 0,
    },
    {
      what: 'the same: no response, or a status other than 200, 429 and 503',
      got: String(unanswered.length),
      toReach: '0',
      met: unanswered.length === 0,
      note: tally(samples),
    },
    {
      what: 'the same: memory of the process tree, last third against first third',
      got: `x ${(late / early).toFixed(2)} (${(late / 2 ** 20).toFixed(0)} MiB)`,
      toReach: 'flat: <= x 1.10',
      met: late <= 1.1 * early,
    },
  ];
}

/** Medians of the first and the last third. */
function thirds(values: readonly number[]): [number, number] {
  const third = Math.floor(values.length / 3);
  return [quantile(values.slice(0, third), 0.5), quantile(values.slice(-third), 0.5)];
}
