import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { loadBackbone } from '../src/backbones/load-backbone.ts';
import { InferencePool } from '../src/inference/inference-pool.ts';
import { mapOrdered } from '../src/inference/map-ordered.ts';
import type { Bench } from './figure.ts';
import { photoFiles } from './photo-files.ts';

const rounds = 5;

/** Photos a second through the pool of inference/ against a bare loop in as many processes, in turns. */
export const bench: Bench = {
  name: 'embedding',
  about:
    'Embedding rate of the pool against decode and inference in a bare loop of as many processes, in turns, median of 5',
  async run({ data, scratch, log }) {
    const files = await photoFiles(data, scratch);
    const processes = availableParallelism();
    const rates: { bare: number; pool: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const bare = await bareRate(files, processes);
      const pool = await poolRate(files, processes);
      rates.push({ bare, pool });
      log(`bare ${bare.toFixed(0)}/s, pool ${pool.toFixed(0)}/s`);
    }
    const share = median(rates.map(({ bare, pool }) => pool / bare));
    return [
      {
        what: `embedding rate, ${processes} processes, ${files.length} ${data ? 'PlantVillage photos' : 'drawn leaves'}`,
        got: `${(100 * share).toFixed(0)} % (${median(rates.map(({ pool }) => pool)).toFixed(0)} photos/s)`,
        toReach: '>= 85 % of the bare loop',
        met: share >= 0.85,
        ceiling: `${median(rates.map(({ bare }) => bare)).toFixed(0)} photos/s`,
      },
    ];
  },
};

async function bareRate(files: string[], processes: number): Promise<number> {
  const children = Array.from({ length: processes }, () =>
    fork(fileURLToPath(new URL('./bare-loop.ts', import.meta.url))),
  );
  await Promise.all(
    children.map(async (child, p) => {
      child.send(files.filter((_, i) => i % processes === p));
      await once(child, 'message');
    }),
  );
  const started = performance.now();
  await Promise.all(
    children.map(async (child) => {
      child.send('go');
      await once(child, 'message');
    }),
  );
  return (1000 * files.length) / (performance.now() - started);
}

async function poolRate(files: string[], processes: number): Promise<number> {
  await using pool = await InferencePool.open({ processes });
  await pool.loadEmbedder(await loadBackbone('mobilenet-v2'));
  await Promise.all(files.slice(0, processes).map(async (file) => pool.embed(await readFile(file), ['plain'])));
  const started = performance.now();
  for await (const _ of mapOrdered(files, 8 * processes, async (file) => pool.embed(await readFile(file), ['plain'])));
  return (1000 * files.length) / (performance.now() - started);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
