import type { Figure } from '../figure.ts';
import { latency, load, quantile, tally } from '../load/load.ts';
import type { LoadResult } from '../load/plan.ts';
import { bareRate } from './ceiling.ts';
import type { BenchServer } from './server.ts';
import { type Setting, saturatingClients } from './setting.ts';

const rounds = 5;

/** Saturated, against the bare loop, in turns. */
export async function throughput(setting: Setting): Promise<Figure[]> {
  const { log, photos, modelUri, processes, aboutPhotos } = setting;
  await using server = await setting.serve();
  const seconds = setting.scaled(10, 3);
  await saturate(setting, server, 3);
  const bare: number[] = [];
  const served: number[] = [];
  let result: LoadResult | undefined;
  let cpuMs = 0;
  for (let round = 0; round < setting.scaled(rounds); round++) {
    bare.push(await bareRate({ modelUri, photos, seconds }, processes));
    const before = server.cpuSeconds();
    result = await saturate(setting, server, seconds);
    cpuMs = (1000 * (server.cpuSeconds() - before)) / result.samples.length;
    served.push(answeredRate(result));
    log(
      `bare ${bare[round]?.toFixed(0)}/s, served ${served[round]?.toFixed(0)}/s, ${cpuMs.toFixed(2)} ms of CPU a photo in the HTTP process (${tally(result.samples)})`,
    );
  }
  const share = quantile(
    served.map((rate, i) => rate / (bare[i] as number)),
    0.5,
  );
  return [
    {
      what: `saturated throughput, ${processes} processes, ${aboutPhotos}`,
      got: `${(100 * share).toFixed(0)} % (${quantile(served, 0.5).toFixed(0)} photos/s)`,
      toReach: '>= 85 % of the ceiling',
      met: share >= 0.85,
      ceiling: `${quantile(bare, 0.5).toFixed(0)} photos/s`,
      note: `${saturatingClients} clients, p99 ${latency(result?.samples ?? [], 0.99).toFixed(0)} ms; the HTTP process takes ${cpuMs.toFixed(2)} ms of CPU a photo, the generator ${percent(result?.cpuShare)} of a core`,
    },
  ];
}

export async function saturate(setting: Setting, server: BenchServer, seconds: number): Promise<LoadResult> {
  const arrivals = { kind: 'closed', clients: saturatingClients } as const;
  return await load({ ...setting.predictions(server), arrivals, seconds });
}

/** Photos per second at saturation: 100 % load. */
export async function capacity(setting: Setting, server: BenchServer): Promise<number> {
  await saturate(setting, server, 3);
  return answeredRate(await saturate(setting, server, setting.scaled(10, 3)));
}

export function answeredRate({ samples, seconds }: LoadResult): number {
  return samples.filter(({ status }) => status === 200).length / seconds;
}

export function percent(share: number | undefined): string {
  return `${(100 * (share ?? Number.NaN)).toFixed(0)} %`;
}
