import type { Bench, Figure } from './figure.ts';
import { canary } from './serve/canary.ts';
import { kills } from './serve/kills.ts';
import { liveness } from './serve/liveness.ts';
import { oneClient } from './serve/one-client.ts';
import { overload } from './serve/overload.ts';
import { poisson } from './serve/poisson.ts';
import { prepareSetting, type Setting } from './serve/setting.ts';
import { start } from './serve/start.ts';
import { swaps } from './serve/swaps.ts';
import { throughput } from './serve/throughput.ts';

const subjects: Record<string, (setting: Setting) => Promise<Figure[]>> = {
  throughput,
  'one-client': oneClient,
  poisson,
  overload,
  liveness,
  start,
  canary,
  swaps,
  kills,
};

/** `mitate serve` as a user starts it, under load from a process of its own. */
export const bench: Bench = {
  name: 'serve',
  about:
    '`mitate serve` with log and keys on, asked over HTTP keep-alive by a process of its own on the same cores. The ceiling is a bare loop of decode and inference of the same model in as many processes, nothing else',
  async run(context) {
    const { only } = context.options;
    const unknown = only.filter((name) => !(name in subjects));
    if (unknown.length > 0)
      throw new Error(`no subject "${unknown.join(', ')}"; there are: ${Object.keys(subjects).join(', ')}`);
    const setting = await prepareSetting(context);
    const figures: Figure[] = [];
    for (const [name, measure] of Object.entries(subjects)) {
      if (only.length > 0 && !only.includes(name)) continue;
      context.log(`- ${name}`);
      figures.push(...(await measure(setting)));
    }
    return figures;
  },
};
