import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../tests/support/temporary-folder.ts';
import { trainedModels } from '../../../tests/support/trained-models.ts';
import { splitFolder } from '../../artifacts/examples/files.ts';
import { openAnswers } from '../../inference/embeddings/answer-cache.ts';
import { InferencePool } from '../../inference/inference-pool.ts';
import { predictSplit } from './predict-split.ts';

it('predicts a photo once: the second time it comes from the cache, equal to the bit, without reading photos', async () => {
  using folder = temporaryFolder();
  const [model] = await trainedModels(folder.path, 1);
  const examples = join(folder.path, 'examples');
  await using pool = await InferencePool.open({ processes: 1 });
  const { labels } = await pool.loadModel('model', model!);
  const predict = async (name: string, digest: string) => {
    await using cache = await openAnswers(join(folder.path, 'cache'), digest, labels.length);
    const options = { pool, models: [{ name, cache }], inFlight: 3, signal: new AbortController().signal };
    const [probabilities] = await predictSplit(examples, 'test', options);
    return probabilities!;
  };
  const asked = await predict('model', 'a'.repeat(64));
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.length % labels.length).toBe(0);
  await rm(splitFolder(examples, 'test'), { recursive: true });
  expect(await predict('no model of that name', 'a'.repeat(64))).toEqual(asked);
  await expect(predict('model', 'b'.repeat(64))).rejects.toMatchObject({ code: 'EXAMPLES_CORRUPT' });
});
