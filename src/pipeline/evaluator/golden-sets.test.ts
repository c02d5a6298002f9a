import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { trainedModels } from '../../../tests/support/trained-models.ts';
import { sha256 } from '../../codecs/digest.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import type { GoldenPhoto } from '../../contracts/loop/golden.ts';
import { openAnswers } from '../../inference/embeddings/answer-cache.ts';
import { InferencePool } from '../../inference/inference-pool.ts';
import { evaluateGolden } from './golden-sets.ts';

it('measures a model and its baseline on each golden set, whether its labels are those of the model or of the question', async () => {
  using folder = temporaryFolder();
  const [model, other] = await trainedModels(folder.path, 2);
  await using pool = await InferencePool.open({ processes: 1 });
  const signature = await pool.loadModel('model', model!);
  const baseline = await pool.loadModel('baseline', other!);
  const drawn = (await drawnPhotos(24)).slice(0, 20);
  const isUnwell = (label: string) => !/healthy/i.test(label);
  const fileOf = ({ sha256: digest }: GoldenPhoto) => join(folder.path, `${digest}.jpg`);
  const golden = drawn.map(({ label, bytes }, i): GoldenPhoto => {
    const name = i % 2 ? (isUnwell(label) ? 'unwell' : 'healthy') : label;
    const photo = { set: 'field', sha256: sha256(bytes), label: name, format: 'jpeg' as const };
    if (i > 0) writeFileSync(fileOf({ ...photo, phash: '', thumbnail: '' }), bytes);
    return { ...photo, phash: i.toString(16).padStart(16, 'f'), thumbnail: '' };
  });
  const strange = { ...golden[1]!, sha256: 'f'.repeat(64), label: 'mildew' };
  const again = { ...golden[18]!, set: 'seen' };
  const photos = [...golden, strange, { ...strange, set: 'of another model' }, again];

  // a photo of the train split, and one of the test split, that became golden after ExampleGen
  const examples = [golden[18]!, golden[17]!].map((photo, i) => ({
    ...{ sha256: photo.sha256, split: i === 0 ? 'train' : 'test', phash: `${i}`.repeat(16) },
  })) as Example[];

  const ask = async () => {
    await using ours = await openAnswers(join(folder.path, 'cache'), 'a'.repeat(64), signature.labels.length);
    await using theirs = await openAnswers(join(folder.path, 'cache'), 'b'.repeat(64), baseline.labels.length);
    const models = [
      { name: 'model', cache: ours },
      { name: 'baseline', cache: theirs },
    ];
    const signal = new AbortController().signal;
    const test = { value: 0.9, low: 0.8, high: 0.95 };
    const given = { photos, examples, test, fileOf, pool, signature, baseline, models };
    return await evaluateGolden({ ...given, resamples: 100, seed: 1, signal });
  };
  const [set, ...more] = await ask();
  // a set of which everything was trained on is told, not dropped
  expect(more).toMatchObject([{ set: 'seen', photos: 0, trained: 1, metrics: { accuracy: { value: null } } }]);
  expect(set).toMatchObject({ set: 'field', photos: 18, unknown: 1, missing: 1, trained: 1 });

  const rightBy = async (name: string, { labels, threshold }: typeof signature) => {
    let right = 0;
    for (const { label, bytes } of drawn.slice(1).toSpliced(17, 1)) {
      const { probabilities } = await pool.predict(name, bytes);
      const unwell = labels.reduce((sum, each, k) => sum + (isUnwell(each) ? probabilities[k]! : 0), 0);
      right += Number(unwell >= threshold === isUnwell(label));
    }
    return right / 18;
  };
  const [ours, theirs] = [await rightBy('model', signature), await rightBy('baseline', baseline)];
  expect(set!.metrics.accuracy.value).toBeCloseTo(ours, 12);
  expect(set!.fromTest!.value).toBeCloseTo(ours - 0.9, 12);
  const { low, high } = set!.metrics.accuracy;
  expect(set!.fromTest!.low).toBeLessThan(low! - 0.9);
  expect(set!.fromTest!.high).toBeGreaterThan(high! - 0.9);
  expect(set!.baseline!.metrics.accuracy.value).toBeCloseTo(theirs, 12);
  expect(set!.baseline!.difference.accuracy.value).toBeCloseTo(ours - theirs, 12);
  expect(await ask()).toEqual([set, ...more]);
});
