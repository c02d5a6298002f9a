import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isHere } from '../../src/backbones/bundled.ts';
import { overlay } from '../../src/inference/explain/overlay.ts';
import { InferencePool } from '../../src/inference/inference-pool.ts';
import { run as train } from '../../src/pipeline/trainer/run.ts';
import { trainerSpec } from '../../src/pipeline/trainer/spec.ts';
import { run as transform } from '../../src/pipeline/transform/run.ts';
import { transformSpec } from '../../src/pipeline/transform/spec.ts';
import { encodeJpeg } from '../../src/vision/encode.ts';
import { inspectImage } from '../../src/vision/inspect.ts';
import { drawLeaf, sampleLabelNames } from '../../src/vision/sample/index.ts';
import { type Photo, writePhotoExamples } from '../support/photo-examples.ts';
import { artifactAt, runComponent } from '../support/run-component.ts';
import { ScratchFolder } from '../support/scratch-folder.ts';

const backbones = (['efficientnet-lite0', 'mobilenet-v2'] as const).filter((name) => isHere(name));
const size = 224;
const task = {
  kind: 'question',
  positive: 'unwell',
  negative: 'healthy',
  negativePattern: { source: 'healthy', flags: '' },
} as const;

async function leaf(i: number): Promise<Photo & { mask: Uint8Array; condition: string }> {
  const label = sampleLabelNames[i % sampleLabelNames.length]!;
  const { pixels, mask, condition } = drawLeaf({ seed: `heat:${i}`, label, size });
  const split = i < 160 ? 'train' : i < 200 ? 'eval' : 'test';
  return { label, split, bytes: await encodeJpeg(pixels, size, size), filename: `${label}/${i}.jpg`, mask, condition };
}

/** Share of lesion among the hottest tenth of the map, over the share of lesion in the photo. */
function lift(map: Float32Array, side: number, mask: Uint8Array): number {
  const lesion = new Float64Array(side * side);
  const cell = size / side;
  for (const [i, set] of mask.entries()) {
    const place = Math.floor(Math.floor(i / size) / cell) * side + Math.floor((i % size) / cell);
    lesion[place]! += set / cell ** 2;
  }
  const order = Array.from(map.keys()).sort((a, b) => map[b]! - map[a]!);
  const mean = (places: number[]) => places.reduce((sum, place) => sum + lesion[place]!, 0) / places.length;
  return mean(order.slice(0, Math.round(order.length / 10))) / mean(order);
}

describe.each(backbones)('heat map on %s', (backbone) => {
  const scratch = new ScratchFolder();
  let pool: InferencePool;
  let leaves: Awaited<ReturnType<typeof leaf>>[];

  beforeAll(async () => {
    leaves = await Promise.all(Array.from({ length: 240 }, (_, i) => leaf(i)));
    await writePhotoExamples(scratch.at('examples'), leaves);
    const examples = artifactAt('Examples', scratch.at('examples'));
    const folder = scratch.at('work');
    const transformed = await runComponent(transformSpec, transform, folder, {
      inputs: { examples },
      parameters: { backbone },
      processes: 2,
    });
    const transformGraph = artifactAt('TransformGraph', transformed.outputs.transformGraph!);
    const trained = await runComponent(trainerSpec, train, folder, {
      inputs: { examples, transformGraph },
      parameters: { task, head: { kind: 'logistic', epochs: 12 } },
    });
    pool = await InferencePool.open({ processes: 2 });
    await pool.loadModel('leaves', trained.outputs.model!);
  });
  afterAll(async () => {
    await pool?.close();
    scratch[Symbol.dispose]();
  });

  it('finds lesions: its hottest tenth hits them at 3 times chance or more', async () => {
    const sick = leaves.filter(({ split, mask }) => split === 'test' && mask.some((set) => set > 0));
    const lifts = await Promise.all(
      sick.map(async ({ bytes, mask }) => {
        const { map, width, completenessError } = await pool.explain('leaves', bytes);
        expect(completenessError).toBeLessThan(0.1);
        return lift(map, width, mask);
      }),
    );
    expect(lifts.length).toBeGreaterThan(15);
    expect(lifts.reduce((sum, value) => sum + value, 0) / lifts.length).toBeGreaterThanOrEqual(3);
  });

  it('answers with the probabilities that predict gives, and lies over the upright photo', async () => {
    const photo = leaves.at(-1)!.bytes;
    const explanation = await pool.explain('leaves', photo);
    expect(explanation.probabilities).toEqual((await pool.predict('leaves', photo)).probabilities);
    expect(await inspectImage(await overlay(photo, explanation))).toMatchObject({
      format: 'png',
      width: size,
      height: size,
    });
  });

  it('speaks for one class when asked', async () => {
    const photo = leaves.at(-1)!.bytes;
    const [one, other] = [
      await pool.explain('leaves', photo, { classIndex: 0 }),
      await pool.explain('leaves', photo, { classIndex: 1 }),
    ];
    expect(one.map).not.toEqual(other.map);
    await expect(pool.explain('leaves', photo, { classIndex: 99 })).rejects.toMatchObject({
      code: 'MODEL_CLASS_UNKNOWN',
    });
  });
});
