import { readdirSync, readFileSync } from 'node:fs';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { drawnPhotos } from '../../../../tests/support/drawn-photos.ts';
import { memorySource } from '../../../../tests/support/memory-source.ts';
import { hasRealData, realData } from '../../../../tests/support/real-data.ts';
import { composeEmbedder } from '../../../backbones/compose.ts';
import { loadBackbone } from '../../../backbones/load-backbone.ts';
import { type HeadOptions, headConfig } from '../../../contracts/artifacts/head-config.ts';
import { fitStandardiser } from '../../../math/stats/fit-standardiser.ts';
import { Random } from '../../../math/stats/random.ts';
import { createSession } from '../../../onnx/session.ts';
import { toPixels } from '../../../vision/pixels.ts';
import { headLogits } from './head-runner.ts';
import { trainHead } from './train-head.ts';

/** K clouds around K random centres; `count` points, class by class in turn. */
function clouds(count: number, classes: number, size: number, spread: number, seed = 1) {
  const centres = new Random('centres');
  const centre = Float32Array.from({ length: classes * size }, () => centres.normal());
  const random = new Random(seed);
  const targets = Int32Array.from({ length: count }, (_, i) => i % classes);
  const values = Float32Array.from({ length: count * size }, (_, at) => {
    const label = targets[Math.floor(at / size)]!;
    return centre[label * size + (at % size)]! + spread * random.normal();
  });
  return { source: memorySource(values, size), targets };
}

async function learn(data: ReturnType<typeof clouds>, classes: number, options: HeadOptions, more = {}) {
  const rows = Int32Array.from(data.targets.keys());
  const standardiser = fitStandardiser(data.source, rows);
  const config = headConfig({ hidden: 32, epochs: 20, minSteps: 0, learningRate: 3e-3, ...options });
  const given = { source: data.source, standardiser, rows, targets: data.targets, classes, config, seed: 1, ...more };
  return { ...(await trainHead(given)), standardiser };
}

async function accuracy(data: ReturnType<typeof clouds>, trained: Awaited<ReturnType<typeof learn>>) {
  const logits = await headLogits(
    trained.head,
    trained.standardiser,
    data.source,
    data.targets.map((_, i) => i),
  );
  const classes = logits.length / data.targets.length;
  const right = data.targets.filter((target, i) => {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    return row.indexOf(Math.max(...row)) === target;
  });
  return right.length / data.targets.length;
}

describe('a head', () => {
  const taught = clouds(300, 3, 20, 0.9);
  const unseen = clouds(300, 3, 20, 0.9, 2);

  it.each<[string, HeadOptions]>([
    ['an MLP', {}],
    ['a logistic head', { kind: 'logistic' }],
    ['focal loss', { loss: 'focal' }],
    ['mixup', { mixup: 0.4 }],
    ['three members', { members: 3 }],
    ['three logistic members', { members: 3, kind: 'logistic' }],
    ['a ridge head', { kind: 'ridge' }],
    ['no dropout, no decay, no smoothing', { dropout: 0, inputDropout: 0, weightDecay: 0, labelSmoothing: 0 }],
  ])('learns to tell photos that it has not seen: %s', async (_, options) => {
    expect(await accuracy(unseen, await learn(taught, 3, options))).toBeGreaterThan(0.95);
  });

  it('is equal to the bit for the same seed, and different for another', async () => {
    const [one, two, other] = [
      await learn(taught, 3, { epochs: 3 }),
      await learn(taught, 3, { epochs: 3 }),
      await learn(taught, 3, { epochs: 3 }, { seed: 2 }),
    ];
    expect(two.head).toEqual(one.head);
    expect(other.head).not.toEqual(one.head);
  });

  it('keeps the epoch with the lowest eval loss, and stops when there is no better one for a while', async () => {
    const evaluation = clouds(60, 3, 20, 3, 5);
    const joined = Float32Array.from({ length: 360 * 20 });
    taught.source.read(
      Int32Array.from({ length: 300 }, (_, i) => i),
      joined.subarray(0, 300 * 20),
    );
    evaluation.source.read(
      Int32Array.from({ length: 60 }, (_, i) => i),
      joined.subarray(300 * 20),
    );
    const source = memorySource(joined, 20);
    const { history, bestEpoch } = await learn(
      taught,
      3,
      { epochs: 60, patience: 4, learningRate: 0.03 },
      { source, evalRows: Int32Array.from({ length: 60 }, (_, i) => 300 + i), evalTargets: evaluation.targets },
    );
    const losses = history.map(({ evalNll }) => evalNll as number);
    expect(losses[bestEpoch - 1]).toBe(Math.min(...losses));
    expect(history.length).toBe(bestEpoch + 4);
  });

  it('weights a rare label as much as a frequent one when asked to', async () => {
    const random = new Random(4);
    const targets = Int32Array.from({ length: 400 }, (_, i) => Number(i % 20 === 0));
    const values = Float32Array.from({ length: 400 * 4 }, (_, at) => random.normal() + targets[Math.floor(at / 4)]!);
    const data = { source: memorySource(values, 4), targets };
    const found = async (classWeights: 'none' | 'balanced') => {
      const trained = await learn(data, 2, { kind: 'logistic', classWeights, epochs: 60 });
      const logits = await headLogits(
        trained.head,
        trained.standardiser,
        data.source,
        targets.map((_, i) => i),
      );
      return targets.filter((target, i) => target === 1 && logits[2 * i + 1]! > logits[2 * i]!).length;
    };
    expect(await found('balanced')).toBeGreaterThan((await found('none')) + 5);
  });

  it('works with 1,000 labels', async () => {
    const many = clouds(2000, 1000, 32, 0.2);
    const options = { hidden: 128, members: 1, epochs: 10, batchSize: 100, learningRate: 1e-2, labelSmoothing: 0 };
    const trained = await learn(many, 1000, { ...options, dropout: 0, inputDropout: 0 });
    expect(trained.head.layers.at(-1)).toMatchObject({ inputs: 128, outputs: 1000 });
    expect(await accuracy(clouds(2000, 1000, 32, 0.2, 9), trained)).toBeGreaterThan(0.9);
  });

  it('a ridge head is the least-squares solution over all views, with a free intercept', async () => {
    const data = clouds(40, 3, 4, 2);
    const values = new Float32Array(40 * 4);
    data.source.read([...data.targets.keys()], values);
    // 20 photos of 2 views; the labels are those of the photos
    const source = memorySource(values, 4, 2);
    const targets = data.targets.slice(0, 20);
    const { head, standardiser } = await learn({ source, targets }, 3, { kind: 'ridge', ridge: 2 });
    const [{ weight, bias }] = head.layers as [(typeof head.layers)[number]];
    const row = (at: number) =>
      [0, 1, 2, 3].map((d) => (values[at * 4 + d]! - standardiser.mean[d]!) / standardiser.scale[d]!);
    const rows = Array.from({ length: 40 }, (_, at) => row(at));
    const length = rows.flat().reduce((sum, value) => sum + value ** 2, 0) / 40;
    const target = (at: number, k: number) => (targets[at >> 1] === k ? 18 : 0);
    const residual = (at: number, k: number) =>
      rows[at]!.reduce((sum, value, d) => sum + value * weight[d * 3 + k]!, bias[k]!) - target(at, k);
    // the slope of sum(residual^2) / 2 + 2 length |W|^2 is 0; each view is half a photo
    for (const k of [0, 1, 2]) {
      const sum = (of: (at: number) => number) => rows.reduce((total, _, at) => total + of(at) / 2, 0);
      const slope = [0, 1, 2, 3].map(
        (d) => sum((at) => residual(at, k) * rows[at]![d]!) + 2 * length * weight[d * 3 + k]!,
      );
      const right = [0, 1, 2, 3].map((d) => sum((at) => target(at, k) * rows[at]![d]!));
      const whole = Math.hypot(
        ...right,
        sum((at) => target(at, k)),
      );
      expect(
        Math.hypot(
          ...slope,
          sum((at) => residual(at, k)),
        ) / whole,
      ).toBeLessThan(1e-3);
    }
  });

  it.each([
    [5, 3, 0.85],
    [1, 0, 0.7],
  ])('a ridge head learns from %i photos a label, trying %i penalties', async (photos, tried, least) => {
    const trained = await learn(clouds(3 * photos, 3, 20, 0.9), 3, { kind: 'ridge' });
    expect(await accuracy(unseen, trained)).toBeGreaterThan(least);
    expect(trained.ridge!.tried).toHaveLength(tried);
  });

  it('chooses the penalty of a ridge head by photos whose group is left out', async () => {
    // 4 equal photos a group, labels by chance: only who has seen a photo's group can tell its label
    const random = new Random(6);
    const targets = Int32Array.from({ length: 120 }, (_, i) => Math.floor(i / 4) % 2);
    const seen = Float32Array.from({ length: 30 * 60 }, () => random.normal());
    const values = Float32Array.from({ length: 120 * 60 }, (_, at) => seen[Math.floor(at / 240) * 60 + (at % 60)]!);
    const data = { source: memorySource(values, 60), targets };
    const groups = Array.from(targets, (_, i) => `group ${Math.floor(i / 4)}`);
    const grouped = (await learn(data, 2, { kind: 'ridge' }, { groups })).ridge!;
    const alone = (await learn(data, 2, { kind: 'ridge' })).ridge!;
    const strengths = grouped.tried.map(({ strength }) => strength);
    expect(grouped.strength).toBe(Math.max(...strengths));
    expect(alone.strength).toBeLessThan(grouped.strength);
    expect(alone.tried.at(-1)!.nll).toBeLessThan(0.3);
    expect(grouped.tried.at(-1)!.nll).toBeGreaterThan(0.6);
  });

  it('runs more epochs with fewer photos', async () => {
    const { history } = await learn(clouds(30, 3, 20, 1), 3, { epochs: 4, minSteps: 21, batchSize: 10 });
    expect(history).toHaveLength(7);
  });

  it('reports at which step it diverged, why, and what to try', async () => {
    const diverging = learn(taught, 3, { learningRate: 1, weightDecay: 10, epochs: 500, warmup: 0, patience: 0 });
    await expect(diverging).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
      message: expect.stringMatching(/epoch \d+, step \d+.*learning rate 1/s),
      remedy: expect.stringContaining('learningRate to 0.1'),
    });
  });

  it.each(['mlp', 'ridge'] as const)('names the photo whose embedding is not a number: %s', async (kind) => {
    const broken = clouds(30, 3, 20, 1);
    const values = new Float32Array(30 * 20);
    broken.source.read(
      Int32Array.from({ length: 30 }, (_, i) => i),
      values,
    );
    values[17 * 20 + 3] = Number.NaN;
    const standardiser = { mean: new Float32Array(20), scale: new Float32Array(20).fill(1) };
    const data = { source: memorySource(values, 20), targets: broken.targets };
    await expect(learn(data, 3, { kind }, { standardiser })).rejects.toMatchObject({
      code: 'TRAINING_EMBEDDING_INVALID',
      message: expect.stringContaining('photo 17'),
    });
  });

  it('stops between steps when it is cancelled', async () => {
    const cancel = new AbortController();
    const training = learn(taught, 3, { epochs: 1000 }, { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 20);
    await expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

/** Overfits ten photos with the real backbone. @returns training accuracy */
async function overfit(photos: { label: string; bytes: Uint8Array }[]): Promise<number> {
  const backbone = await loadBackbone('mobilenet-v2');
  const { width, height } = backbone.preprocess;
  const session = await createSession(composeEmbedder(backbone));
  const values = new Float32Array(photos.length * backbone.embeddingSize);
  for (const [i, { bytes }] of photos.entries()) {
    const pixels = new Tensor('uint8', await toPixels(bytes, backbone.preprocess), [1, height, width, 3]);
    const { embedding } = await session.run({ pixels });
    values.set(embedding!.data as Float32Array, i * backbone.embeddingSize);
  }
  await session.release();
  const labels = [...new Set(photos.map(({ label }) => label))];
  const data = {
    source: memorySource(values, backbone.embeddingSize),
    targets: Int32Array.from(photos, ({ label }) => labels.indexOf(label)),
  };
  const trained = await learn(data, labels.length, { epochs: 40, learningRate: 1e-3, batchSize: 10 });
  expect(trained.history.at(-1)!.loss).toBeLessThan(trained.history[0]!.loss / 2);
  return accuracy(data, trained);
}

describe('ten photos are overfitted', () => {
  it('drawn leaves', async () => {
    expect(await overfit(await drawnPhotos(10))).toBe(1);
  });

  const onRealPhotos = async () => {
    const sharedData = new URL('plantvillage/', realData);
    const photos = readdirSync(sharedData)
      .sort()
      .slice(0, 5)
      .flatMap((label) => {
        const folder = new URL(`${label}/`, sharedData);
        const files = readdirSync(folder).sort().slice(0, 2);
        return files.map((file) => ({ label, bytes: new Uint8Array(readFileSync(new URL(file, folder))) }));
      });
    expect(await overfit(photos)).toBe(1);
  };
  if (hasRealData) it('plantvillage', onRealPhotos);
});
