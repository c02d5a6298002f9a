import { cp, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSample } from '../src/vision/sample/write-sample.ts';
import { mitate } from './command.ts';
import type { Bench, BenchContext, Figure } from './figure.ts';

const leafPipeline = fileURLToPath(new URL('../examples/leaf/pipeline.ts', import.meta.url));

interface RunJson {
  blessed: boolean | null;
  steps: { name: string; seconds: number; state: string; summary: string | null }[];
}

/** The whole leaf pipeline as a user runs it: cold, grown by 1 %, unchanged, and with plain views only. */
export const bench: Bench = {
  name: 'pipeline',
  about: 'The leaf pipeline from photos to a registered model, through the CLI',
  async run(context) {
    const { images, heldBack, about } = await photos(context);
    const run = async (workspace: string, ...parameters: string[]) => {
      const result = await mitate([
        ...['run', leafPipeline, '--param', `images=${images}`],
        ...parameters.flatMap((parameter) => ['--param', parameter]),
        ...['--workspace', join(context.scratch, workspace)],
      ]);
      const { steps, blessed } = result.json as RunJson;
      for (const { name, seconds, state, summary } of steps) {
        context.log(`${name.padEnd(18)} ${state.padEnd(9)} ${seconds.toFixed(1).padStart(6)} s  ${summary ?? ''}`);
      }
      return { ...result, blessed };
    };
    const cold = await run('default');
    const unchanged = await run('default');
    await giveBack(heldBack, images);
    const grown = await run('default');
    const plain = await run('plain', 'views=plain');
    return [
      seconds(`cold, defaults (${about})`, cold.seconds, 120, `blessed: ${cold.blessed}`),
      seconds('cold, plain views only', plain.seconds, 60, `blessed: ${plain.blessed}`),
      seconds('again with 1 % new photos', grown.seconds, 8),
      seconds('again unchanged', unchanged.seconds, 1.5),
      {
        what: 'peak memory of the whole process tree, cold, defaults (sum of resident sets)',
        got: `${(cold.peakMemory / 2 ** 20).toFixed(0)} MiB`,
        toReach: '<= 2 GB',
        met: cold.peakMemory <= 2e9,
      },
    ];
  },
};

function seconds(what: string, got: number, limit: number, note?: string): Figure {
  return { what, got: `${got.toFixed(1)} s`, toReach: `<= ${limit} s`, met: got <= limit, ...(note && { note }) };
}

/** A copy of the photos, with 1 % held back outside of it. */
async function photos({ data, scratch }: BenchContext) {
  const images = join(scratch, 'images');
  if (data) await cp(join(data, 'plantvillage'), images, { recursive: true });
  else await writeSample(images, { photos: 2632, seed: 1 });
  const heldBack = join(scratch, 'held-back');
  let count = 0;
  let kept = 0;
  for (const label of (await readdir(images)).sort()) {
    await mkdir(join(heldBack, label), { recursive: true });
    for (const file of (await readdir(join(images, label))).sort()) {
      if (count++ % 100 === 0) await rename(join(images, label, file), join(heldBack, label, file));
      else kept++;
    }
  }
  return { images, heldBack, about: `${kept} ${data ? 'PlantVillage photos' : 'drawn leaves'}` };
}

async function giveBack(from: string, to: string): Promise<void> {
  for (const label of await readdir(from)) {
    for (const file of await readdir(join(from, label))) await rename(join(from, label, file), join(to, label, file));
  }
}
