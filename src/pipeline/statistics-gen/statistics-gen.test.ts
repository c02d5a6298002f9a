import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import { type Photo, writePhotoExamples } from '../../../tests/support/photo-examples.ts';
import { artifactAt, runComponent } from '../../../tests/support/run-component.ts';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { readBorderPixels, readStatistics } from '../../artifacts/statistics/read-statistics.ts';
import { binOf, bins } from './bins.ts';
import { run } from './run.ts';
import { statisticsGenSpec } from './spec.ts';
import { summariseNumbers } from './summarise.ts';

const photos = await drawnPhotos(48);

async function statisticsOf(folder: string, given: Photo[], changes = {}) {
  const examples = join(folder, 'examples');
  await writePhotoExamples(examples, given, changes);
  const inputs = { examples: artifactAt('Examples', examples) };
  const ran = await runComponent(statisticsGenSpec, run, folder, { inputs });
  return { uri: ran.outputs.statistics!, statistics: await readStatistics(ran.outputs.statistics!), ran };
}

describe('a number over photos', () => {
  it('has the moments and quantiles of numpy', () => {
    const summary = summariseNumbers(Float64Array.of(0.4, 0.1, 0.3, 0.2), bins.brightness);
    expect(summary.mean).toBe(0.25);
    expect(summary.deviation).toBe(0.111803);
    expect(summary.quantiles).toEqual([0.1, 0.103, 0.115, 0.13, 0.175, 0.25, 0.325, 0.37, 0.385, 0.397, 0.4]);
    expect(summary.histogram.reduce((sum, count) => sum + count, 0)).toBe(4);
  });

  it('is binned by its edges, with open outermost bins', () => {
    expect(binOf(-3, [0, 1, 2])).toBe(0);
    expect(binOf(0.999, [0, 1, 2])).toBe(0);
    expect(binOf(1, [0, 1, 2])).toBe(1);
    expect(binOf(99, [0, 1, 2])).toBe(1);
  });
});

describe('StatisticsGen', () => {
  it('counts photos, labels, formats and groups by split', async () => {
    using folder = temporaryFolder();
    const { statistics, ran } = await statisticsOf(folder.path, photos);
    const { train, eval: evaluation, test } = statistics.splits;
    expect(train!.count + evaluation!.count + test!.count).toBe(48);
    expect(Object.values(train!.labels).reduce((sum, label) => sum + label.count, 0)).toBe(train!.count);
    expect(train!.formats).toEqual({ jpeg: train!.count });
    expect(train!.numeric.width.quantiles.every((side) => side === 96)).toBe(true);
    expect(ran.result.summary).toContain('48 photos, 4 labels');
  });

  it('writes each split separately, too, and the border pixels of every photo', async () => {
    using folder = temporaryFolder();
    const { uri, statistics } = await statisticsOf(folder.path, photos);
    const own = JSON.parse(readFileSync(join(uri, 'Split-eval', 'statistics.json'), 'utf8'));
    expect(own).toEqual(statistics.splits.eval);
    expect(await readBorderPixels(uri)).toHaveLength(48);
  });

  it('gives the same bytes for the same photos', async () => {
    using folder = temporaryFolder();
    const [one, other] = [
      await statisticsOf(join(folder.path, 'a'), photos),
      await statisticsOf(join(folder.path, 'b'), photos),
    ];
    for (const name of ['statistics.json', 'border-pixels.jsonl'])
      expect(readFileSync(join(one.uri, name)).equals(readFileSync(join(other.uri, name)))).toBe(true);
  });

  it('finds a photo, a group and a near duplicate in two splits', async () => {
    using folder = temporaryFolder();
    const inTrain = photos.filter((photo) => photo.split === 'train');
    const inEval = photos.find((photo) => photo.split === 'eval')!;
    const again: Photo = { ...inTrain[0]!, split: 'test', filename: 'again.jpg' };
    const grouped = photos.map((photo) =>
      photo === inTrain[1] || photo === inEval ? { ...photo, group: 'leaf 7' } : photo,
    );
    const { statistics } = await statisticsOf(folder.path, [...grouped, again]);
    expect(statistics.photosAcrossSplits).toMatchObject({ count: 1, first: [{ splits: ['train', 'test'] }] });
    const leaf = statistics.groupsAcrossSplits.first.find((row) => row.id === 'leaf 7');
    expect(leaf).toMatchObject({ splits: ['train', 'eval'], filenames: [inTrain[1]!.filename, inEval.filename] });
    expect(statistics.nearDuplicatesAcrossSplits.first.every((row) => row.distance <= 3)).toBe(true);
  });

  it('keeps the counts of attributes and the reasons of rejected files', async () => {
    using folder = temporaryFolder();
    const withCamera = photos.map((photo, i) => ({ ...photo, attributes: { camera: i % 2 ? 'phone' : 'dslr' } }));
    const rejected = [{ filename: 'x.jpg', code: 'IMAGE_TRUNCATED', message: 'cut short' }];
    const { statistics } = await statisticsOf(folder.path, withCamera, { rejected });
    expect(statistics.rejected).toEqual({ count: 1, codes: { IMAGE_TRUNCATED: 1 } });
    const { camera } = statistics.splits.train!.attributes;
    expect(camera).toMatchObject({ present: statistics.splits.train!.count, distinct: 2 });
  });

  it('fails without photos', async () => {
    using folder = temporaryFolder();
    await expect(statisticsOf(folder.path, [])).rejects.toMatchObject({ code: 'DATA_EMPTY' });
  });
});
