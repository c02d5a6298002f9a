import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Photo, writePhotoExamples } from '../../../../tests/support/photo-examples.ts';
import { artifactAt, runComponent } from '../../../../tests/support/run-component.ts';
import { temporaryFolder } from '../../../../tests/support/temporary-folder.ts';
import { readImages } from '../../../artifacts/examples/read-examples.ts';
import { readModelFile, readSignature } from '../../../artifacts/model/model-files.ts';
import { readReferenceObservations } from '../../../artifacts/model/read-reference-observations.ts';
import { readTransform } from '../../../artifacts/transform-graph/read-transform.ts';
import { sha256 } from '../../../codecs/digest.ts';
import { warmupRequestSchema } from '../../../contracts/artifacts/warmup.ts';
import { InferencePool } from '../../../inference/inference-pool.ts';
import { Random } from '../../../math/stats/random.ts';
import { GraphBuilder } from '../../../onnx/graph-builder.ts';
import { readModel } from '../../../onnx/read-model.ts';
import { run as runEvaluator } from '../../evaluator/run.ts';
import { evaluatorSpec } from '../../evaluator/spec.ts';
import { run as runTransform } from '../../transform/run.ts';
import { transformSpec } from '../../transform/spec.ts';
import { run } from '../run.ts';
import { trainerSpec } from '../spec.ts';

const folder = temporaryFolder();
const examples = join(folder.path, 'examples');
const task = {
  kind: 'question' as const,
  positive: 'unwell',
  negative: 'healthy',
  negativePattern: { source: 'healthy', flags: 'i' },
};

const slow = 300_000;
const int8Parameters = { export: 'auto', testViews: 'all' };
let served: { transformGraph: string; model: string; summary: string };

beforeAll(async () => {
  await writePhotoExamples(examples, await tintedPhotos(400));
  const transformGraph = await transformed('mobilenet', 'mobilenet-v2', ['plain', 'flip-h']);
  const { outputs, result } = await train(transformGraph, int8Parameters);
  served = { transformGraph, model: outputs.model!, summary: result.summary! };
  return () => folder[Symbol.dispose]();
}, slow);

/** Green is healthy, brown is not: with 40 eval photos, one pair in another order already differs by more than int8 may. */
function tintedPhotos(count: number): Promise<Photo[]> {
  const size = 64;
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const random = new Random(`tinted ${i}`);
      const tint = i % 2 === 0 ? [60, 150, 50] : [140, 80, 40];
      const light = 0.8 + 0.4 * random.float();
      const pixels = Uint8Array.from({ length: 3 * size * size }, (_, at) =>
        Math.min(255, Math.max(0, light * tint[at % 3]! + 12 * random.normal())),
      );
      const bytes = await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
        .png()
        .toBuffer();
      const split = (['test', 'eval'] as const)[Math.floor(i / 2) % 10] ?? 'train';
      const label = i % 2 === 0 ? 'oak_healthy' : 'oak_rust';
      return { label, split, bytes: new Uint8Array(bytes), filename: `${label}/${i}.png` };
    }),
  );
}

async function transformed(name: string, backbone: object | string, views = ['plain']): Promise<string> {
  const ran = await runComponent(transformSpec, runTransform, join(folder.path, name), {
    inputs: { examples: artifactAt('Examples', examples) },
    // biome-ignore lint/suspicious/noExplicitAny: a choice as a pipeline would write it
    parameters: { backbone: backbone as any, views },
  });
  return ran.outputs.transformGraph!;
}

function train(transformGraph: string, parameters: object, processes = 2) {
  return runComponent(trainerSpec, run, join(folder.path, 'train'), {
    inputs: {
      examples: artifactAt('Examples', examples),
      transformGraph: artifactAt('TransformGraph', transformGraph),
    },
    parameters: { head: { hidden: 32, epochs: 8, minSteps: 0 }, task, ...parameters },
    processes,
  });
}

/** A network of one layer with a channel of the photo, and one that is `outlier` everywhere. */
function ownNetwork(name: string, outlier: number | null) {
  const graph = new GraphBuilder('own');
  const x = graph.input('x', 'float32', ['N', 3, 16, 16]);
  const weight = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0);
  const map =
    outlier === null
      ? graph.op('Relu', [x])
      : graph.op('Conv', [x, graph.constant(weight, [4, 3, 1, 1]), graph.constant(Float32Array.of(0, 0, 0, outlier))]);
  graph.output('map', map, 'float32', ['N', outlier === null ? 3 : 4, 16, 16]);
  const bytes = graph.toBytes();
  const path = join(folder.path, `${name}.onnx`);
  writeFileSync(path, bytes);
  return { path, sha256: sha256(bytes), taps: ['map'] };
}

function digests(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((file) => join(file.parentPath, file.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(root.length), sha256(readFileSync(path))]));
}

describe('int8 export', () => {
  it(
    'says in signature, card and report that it serves integers, and how near they are',
    async () => {
      const { model, transformGraph, summary } = served;
      const signature = await readSignature(model);
      expect(signature.precision).toMatchObject({ served: 'int8', reason: null, parity: { photos: 40 } });
      expect(signature.precision!.parity!.sameLabel).toBeGreaterThanOrEqual(0.995);
      expect(signature.backbone.digest).toBe((await readTransform(transformGraph)).backbone.digest);
      expect(summary).toContain('int8, weights of');
      expect(readFileSync(join(model, 'model-card.md'), 'utf8')).toMatch(
        /int8\\_same\\_label\\_as\\_float32|int8_same_label/,
      );
      const { graph } = readModel(await readModelFile(model, signature, 'model.onnx'));
      const weights = [...graph.initializers].filter(([name]) => name.endsWith('/weight/int8'));
      expect(weights.length).toBeGreaterThan(30);
      const evaluated = await runComponent(evaluatorSpec, runEvaluator, join(folder.path, 'evaluated'), {
        inputs: { examples: artifactAt('Examples', examples), model: artifactAt('Model', model) },
        parameters: { resamples: 100, pictures: 0 },
      });
      const report = readFileSync(join(evaluated.outputs.evaluation!, 'report.html'), 'utf8');
      expect(report).toContain('The evaluated file, which is served: int8, weights of');
    },
    slow,
  );

  it(
    'answers and scores photos as its own references say',
    async () => {
      const { model } = served;
      await using pool = await InferencePool.open({ processes: 1 });
      // compares the warm-up requests, too
      await pool.loadModel('leaves', model);
      const warmups = readFileSync(join(model, 'warmup/requests.jsonl'), 'utf8').split('\n').filter(Boolean);
      for (const line of warmups) {
        const { image, probabilities } = warmupRequestSchema.parse(JSON.parse(line));
        const served = await pool.predict('leaves', new Uint8Array(Buffer.from(image, 'base64')));
        probabilities.forEach((expected, k) => {
          expect(Math.abs(served.probabilities[k]! - expected)).toBeLessThan(1e-4);
        });
      }
      const observations = new Map((await readReferenceObservations(model)).map((row) => [row.id, row]));
      for await (const { example, image } of readImages(examples, 'eval', ({ sha256: id }) => id < '4')) {
        const { outOfDistribution } = await pool.serve('leaves', image);
        const kept = observations.get(example.sha256)!;
        expect(Math.abs(kept.outOfDistributionScore! - outOfDistribution!.score)).toBeLessThan(1e-3);
      }
      for await (const { example, image } of readImages(examples, 'train', ({ sha256: id }) => id < '1')) {
        // the reference has this very photo, by this very backbone: nothing is nearer
        const { outOfDistribution } = await pool.serve('leaves', image);
        expect(outOfDistribution!.nearest[0]).toBe(example.sha256);
      }
    },
    slow,
  );

  it(
    'gives the same bytes again, whatever the number of processes',
    async () => {
      const again = await train(served.transformGraph, int8Parameters, 1);
      expect(digests(again.outputs.model!)).toEqual(digests(served.model));
    },
    slow,
  );

  it('serves float32 when activations of very different size lose their answers, and says why', async () => {
    const transformGraph = await transformed('outlier', ownNetwork('outlier', 1e6));
    const { outputs, log } = await train(transformGraph, { export: 'auto' });
    const { precision } = await readSignature(outputs.model!);
    expect(precision).toMatchObject({ served: 'float32', weightBits: null });
    expect(precision!.reason).toContain('differ too much');
    expect(precision!.parity!.sameLabel).toBeLessThan(0.995);
    expect(log).toContainEqual(expect.objectContaining({ level: 'warn', message: expect.stringContaining('float32') }));
    expect(readFileSync(join(outputs.model!, 'model-card.md'), 'utf8')).toContain('not int8');
    await expect(train(transformGraph, { export: 'int8' })).rejects.toMatchObject({
      code: 'TRAINING_INT8_REFUSED',
      message: expect.stringContaining('differ too much'),
    });
  });

  it('serves float32 when a graph has nothing to quantise, and says why', async () => {
    const transformGraph = await transformed('without', ownNetwork('without', null));
    const { outputs } = await train(transformGraph, { export: 'auto' });
    const { precision } = await readSignature(outputs.model!);
    expect(precision).toMatchObject({ served: 'float32', parity: null });
    expect(precision!.reason).toContain('no 2-d convolution');
    await expect(train(transformGraph, { export: 'int8' })).rejects.toMatchObject({ code: 'MODEL_NOT_QUANTISABLE' });
  });

  it('changes no byte of a model that is not asked for int8', async () => {
    const transformGraph = await transformed('own', ownNetwork('own', 0.5));
    const absent = (await train(transformGraph, {})).outputs.model!;
    const asked = (await train(transformGraph, { export: 'float32' })).outputs.model!;
    expect(digests(asked)).toEqual(digests(absent));
    expect(await readSignature(absent)).not.toHaveProperty('precision');
  });
});
