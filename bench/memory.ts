import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSample } from '../src/vision/sample/write-sample.ts';
import { mitate } from './command.ts';
import type { Bench } from './figure.ts';

const leafPipeline = fileURLToPath(new URL('../examples/leaf/pipeline.ts', import.meta.url));
const photos = 2632;

/** What ten times the photos do to the peak memory of the whole process tree. */
export const bench: Bench = {
  name: 'memory',
  about:
    'Peak memory of the whole process tree over a cold run of the leaf pipeline (sum of resident sets, sampled 10 times a second)',
  async run({ scratch, log }) {
    const peak = async (images: string, workspace: string) => {
      const args = ['run', leafPipeline, '--param', `images=${images}`, '--workspace', join(scratch, workspace)];
      const { peakMemory, seconds } = await mitate(args);
      log(`${images}: ${(peakMemory / 2 ** 20).toFixed(0)} MiB in ${seconds.toFixed(0)} s`);
      return peakMemory;
    };
    for (const [folder, count] of [
      ['small', photos],
      ['large', 10 * photos],
    ] as const) {
      log(`drawing ${count} leaves`);
      await writeSample(join(scratch, folder), { photos: count, seed: 1, size: 64 });
    }
    const small = await peak(join(scratch, 'small'), 'drawn');
    const large = await peak(join(scratch, 'large'), 'drawn-ten-times');
    const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
    return [
      {
        what: `${10 * photos} drawn leaves against ${photos}`,
        got: `x ${(large / small).toFixed(2)} (${mebibytes(large)} against ${mebibytes(small)})`,
        toReach: '< x 1.3',
        met: large / small < 1.3,
        note: 'drawn at 64 px, so that drawing them takes a minute, not ten; every photo becomes the same 2,304 numbers',
      },
    ];
  },
};
