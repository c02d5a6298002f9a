import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { memorySource } from '../../../../tests/support/memory-source.ts';
import { temporaryFolder } from '../../../../tests/support/temporary-folder.ts';
import type { EmbeddingSource } from '../../../artifacts/transform-graph/embedding-source.ts';
import { embeddingsFile, transformFile } from '../../../artifacts/transform-graph/files.ts';
import { openFiles } from '../../../artifacts/transform-graph/open-files.ts';
import { type Split, splits } from '../../../contracts/artifacts/example.ts';
import { headConfig } from '../../../contracts/artifacts/head-config.ts';
import { softmaxRows } from '../../../math/calibration/softmax-rows.ts';
import { nll } from '../../../math/metrics/nll.ts';
import { Random } from '../../../math/stats/random.ts';
import { crossLogits } from './cross-validate.ts';

const config = headConfig({ hidden: 64, epochs: 30, minSteps: 0, learningRate: 3e-3, dropout: 0, inputDropout: 0 });

/** 60 objects with five similar photos each; an object's label is random, so only a leak can predict it. */
function objects() {
  const random = new Random(1);
  const size = 16;
  const groups = Array.from({ length: 300 }, (_, i) => `object${Math.floor(i / 5)}`);
  const labels = Int32Array.from({ length: 60 }, () => random.int(2));
  const looks = Float32Array.from({ length: 60 * size }, () => random.normal());
  const values = Float32Array.from({ length: 300 * size }, (_, at) => {
    const object = Math.floor(at / size / 5);
    return looks[object * size + (at % size)]! + 0.05 * random.normal();
  });
  return {
    source: memorySource(values, size),
    targets: Int32Array.from(groups, (_, i) => labels[Math.floor(i / 5)]!),
    groups,
  };
}

it('predicts no photo with a head that was trained on its group', async () => {
  const { source, targets, groups } = objects();
  const { logits, folds } = await crossLogits({
    source,
    targets,
    groups,
    classes: 2,
    folds: 5,
    config,
    seed: 1,
  });
  for (const [i, group] of groups.entries()) expect(folds[i]).toBe(folds[groups.indexOf(group)]);
  // ln 2 = 0.693 is chance; split groups would give about 0.1
  expect(nll(softmaxRows(logits, 2), targets, 2)).toBeGreaterThan(0.6);
  const torn = groups.map((_, i) => String(i));
  const leaked = await crossLogits({ source, targets, groups: torn, classes: 2, folds: 5, config, seed: 1 });
  expect(nll(softmaxRows(leaked.logits, 2), targets, 2)).toBeLessThan(0.5);
});

it('uses only some photos of a source', async () => {
  const { source, targets, groups } = objects();
  const photos = Int32Array.from({ length: 100 }, (_, i) => i + 50);
  const { logits } = await crossLogits({
    source,
    photos,
    targets: photos.map((photo) => targets[photo]!),
    groups: Array.from(photos, (photo) => groups[photo]!),
    classes: 2,
    folds: 2,
    config,
    seed: 1,
  });
  expect(logits.length).toBe(200);
  expect(logits.every((value) => Number.isFinite(value) && value !== 0)).toBe(true);
});

it('gives the same bits in processes, which open the files themselves', async () => {
  using folder = temporaryFolder();
  const { source, targets, groups } = objects();
  const files = { uri: folder.path, splits: ['train', 'eval'] as const };
  writeTransformGraph(folder.path, source, { train: 200, eval: 100, test: 0 });
  using onDisk = openFiles({ ...files, splits: [...files.splits] });
  const validate = (from: EmbeddingSource, processes: number) => {
    const short = headConfig({ ...config, epochs: 3, members: 2, dropout: 0.2 });
    return crossLogits({ source: from, targets, groups, classes: 2, folds: 3, config: short, seed: 1, processes });
  };
  const inMemory = await validate(source, 1);
  for (const processes of [1, 2, 3]) expect(await validate(onDisk, processes)).toEqual(inMemory);
});

it('stops its processes when it is cancelled', async () => {
  using folder = temporaryFolder();
  const { source, targets, groups } = objects();
  writeTransformGraph(folder.path, source, { train: 300, eval: 0, test: 0 });
  using onDisk = openFiles({ uri: folder.path, splits: ['train'] });
  const long = { ...config, epochs: 1000 };
  const signal = AbortSignal.timeout(500);
  const given = { source: onDisk, targets, groups, classes: 2, folds: 3, config: long, seed: 1, processes: 2, signal };
  await expect(crossLogits(given)).rejects.toMatchObject({ code: 'CANCELLED' });
});

/** The files of a TransformGraph with a source's rows, one view each. */
function writeTransformGraph(uri: string, source: EmbeddingSource, counts: Record<Split, number>): void {
  let first = 0;
  for (const split of splits) {
    const rows = Int32Array.from({ length: counts[split] }, (_, i) => first + i);
    const numbers = new Float32Array(rows.length * source.size);
    source.read(rows, numbers);
    mkdirSync(dirname(embeddingsFile(uri, split)), { recursive: true });
    writeFileSync(embeddingsFile(uri, split), numbers);
    first += rows.length;
  }
  const preprocess = { width: 8, height: 8, channels: 'RGB', fit: 'fill', kernel: 'lanczos3' };
  const backbone = { name: 'none', digest: 'none', source: 'none', taps: [] };
  const about = { backbone, preprocess, views: ['plain'], embeddingSize: source.size, transformDigest: 'none', counts };
  writeFileSync(transformFile(uri), JSON.stringify({ format: 'mitate-transform/1', ...about }));
}
