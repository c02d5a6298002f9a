import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { drawnPhotos } from '../../../tests/support/drawn-photos.ts';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { trainedModels } from '../../../tests/support/trained-models.ts';
import { sha256 } from '../../codecs/digest.ts';
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
    return { ...photo, phash: '0'.repeat(16), thumbnail: '' };
  });
  const strange = { ...golden[1]!, sha256: 'f'.repeat(64), label: 'mildew' };
  const photos = [...golden, strange, { ...strange, set: 'of another model' }];

  const ask = async () => {
    await using ours = await openAnswers(join(folder.path, 'cache'), 'a'.repeat(64), signature.labels.length);
    await using theirs = await openAnswers(join(folder.path, 'cache'), 'b'.repeat(64), baseline.labels.length);
    const models = [
      { name: 'model', cache: ours },
      { name: 'baseline', cache: theirs },
    ];
    const signal = new AbortController().signal;
    return await evaluateGolden({ photos, fileOf, pool, signature, baseline, models, resamples: 100, seed: 1, signal });
  };
  const [set, ...more] = await ask();
  expect(more).toEqual([]);
  expect(set).toMatchObject({ set: 'field', photos: 19, unknown: 1, missing: 1 });

  const rightBy = async (name: string, { labels, threshold }: typeof signature) => {
    let right = 0;
    for (const { label, bytes } of drawn.slice(1)) {
      const { probabilities } = await pool.predict(name, bytes);
      const unwell = labels.reduce((sum, each, k) => sum + (isUnwell(each) ? probabilities[k]! : 0), 0);
      right += Number(unwell >= threshold === isUnwell(label));
    }
    return right / 19;
  };
  const [ours, theirs] = [await rightBy('model', signature), await rightBy('baseline', baseline)];
  expect(set!.metrics.accuracy.value).toBeCloseTo(ours, 12);
  expect(set!.baseline!.metrics.accuracy.value).toBeCloseTo(theirs, 12);
  expect(set!.baseline!.difference.accuracy.value).toBeCloseTo(ours - theirs, 12);
  expect(await ask()).toEqual([set]);
});
