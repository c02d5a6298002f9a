import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { runExampleGen } from '../../../tests/support/run-example-gen.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { smallPhoto } from '../../../tests/support/small-photo.ts';
import { sha256 } from '../../codecs/digest.ts';
import type { GoldenPhoto } from '../../contracts/loop/golden.ts';
import { thumbnailOf } from '../../sources/near-duplicates/thumbnail.ts';
import { inspectImage } from '../../vision/inspect.ts';
import { fingerprint } from './run.ts';
import { exampleGenSpec } from './spec.ts';

async function writePhotos(scratch: ScratchFolder): Promise<string> {
  for (const [k, label] of ['healthy', 'unwell'].entries())
    for (let i = 0; i < 12; i++) scratch.write(`photos/${label}/${i}.jpg`, await smallPhoto(100 * k + i, { size: 96 }));
  return scratch.at('photos');
}

/** The photo as it would be in a golden set. */
async function goldenOf(scratch: ScratchFolder, bytes: Buffer, label = 'healthy'): Promise<GoldenPhoto> {
  const path = scratch.write(`golden/${label}/${sha256(bytes)}.jpg`, bytes);
  const { phash, format } = await inspectImage(bytes);
  return { set: 'field', sha256: sha256(bytes), label, format, phash, thumbnail: await thumbnailOf(path) };
}

describe('golden photos in ExampleGen', () => {
  it.each([
    'none',
    'near-duplicate',
  ] as const)('are not trained on, nor are similar photos (grouped by %s)', async (groupBy) => {
    using scratch = new ScratchFolder();
    const source = await writePhotos(scratch);
    const same = readFileSync(`${source}/healthy/0.jpg`);
    const again = await sharp(readFileSync(`${source}/healthy/1.jpg`))
      .jpeg({ quality: 60 })
      .toBuffer();
    const golden = [await goldenOf(scratch, same), await goldenOf(scratch, again)];
    const { examples, summary } = await runExampleGen(scratch, { source, groupBy }, { golden });
    expect(examples).toHaveLength(22);
    expect(summary.leftOutForGolden.map(({ filename }) => filename)).toEqual(['healthy/0.jpg', 'healthy/1.jpg']);
  });

  it('may be in the test source, and in examples that are only for testing', async () => {
    using scratch = new ScratchFolder();
    const source = await writePhotos(scratch);
    const golden = [];
    for (const label of ['healthy', 'unwell'])
      for (const i of [0, 1]) golden.push(await goldenOf(scratch, readFileSync(`${source}/${label}/${i}.jpg`), label));
    const tested = await runExampleGen(scratch, { source, test: scratch.at('golden') }, { golden });
    expect(tested.summary.counts.healthy!.test + tested.summary.counts.unwell!.test).toBe(4);
    expect(tested.examples.filter(({ split }) => split !== 'test')).toHaveLength(20);
    const splits = { train: 0, eval: 0, test: 1 };
    expect((await runExampleGen(scratch, { source, splits }, { golden })).examples).toHaveLength(24);
  });

  it('change the fingerprint, which is unchanged without them', async () => {
    using scratch = new ScratchFolder();
    const source = await writePhotos(scratch);
    const golden = [await goldenOf(scratch, await smallPhoto(900))];
    const print = (photos: GoldenPhoto[]) =>
      fingerprint(exampleGenSpec.parameters.parse({ source }), {
        cacheDir: scratch.at('cache'),
        signal: new AbortController().signal,
        golden: { photos: async () => photos, fileOf: () => '' },
      });
    expect(await print([])).toBe(await print([]));
    expect(await print(golden)).not.toBe(await print([]));
  });
});
