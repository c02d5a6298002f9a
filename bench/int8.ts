import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { Tensor } from 'onnxruntime-node';
import { readImages } from '../src/artifacts/examples/read-examples.ts';
import { readModelFile, readSignature } from '../src/artifacts/model/model-files.ts';
import { composeModel } from '../src/backbones/compose.ts';
import { loadBackbone } from '../src/backbones/load-backbone.ts';
import { type Parity, precisionText } from '../src/contracts/artifacts/precision.ts';
import type { Preprocess } from '../src/contracts/artifacts/signature.ts';
import { positiveLabels, type Task } from '../src/contracts/task.ts';
import { createSession } from '../src/onnx/session.ts';
import { exampleGen, trainer, transform } from '../src/orchestrator/components.ts';
import { definePipeline } from '../src/orchestrator/define/define-pipeline.ts';
import { question } from '../src/orchestrator/define/question.ts';
import { runPipeline } from '../src/orchestrator/launcher/run-pipeline.ts';
import { measureParity } from '../src/pipeline/trainer/int8/parity.ts';
import { openStore } from '../src/store/open-store.ts';
import { toPixels } from '../src/vision/pixels.ts';
import type { Bench, BenchContext, Figure } from './figure.ts';
import { photoFiles } from './photo-files.ts';

const unwell = question('unwell', { negative: /(?<![a-z])healthy(?![a-z])/i, otherwise: 'healthy' });
const photosTimed = 120;
const rounds = 5;

/** The int8 export against float32, and both against mobilenet-v2 in float32. */
export const bench: Bench = {
  name: 'int8',
  about:
    'Served files of the default backbone in int8 and float32: predictions for photos that did not train (eval and test split), size, and CPU on one thread in turns with mobilenet-v2',
  async run(context) {
    if (!context.data) {
      context.log('skipped: needs real photos (--data <folder>)');
      return [];
    }
    const plants = await trained(context, 'plantvillage', unwell);
    const beans = await trained(context, 'beans', { kind: 'multiclass' });
    return [
      ...parityFigures('plantvillage, 19 labels and healthy/unwell', plants),
      ...parityFigures('beans, 3 labels', beans),
      await sizeFigure(plants),
      await costFigure(context, plants),
    ];
  },
};

interface Trained {
  /** Of Model artifacts. */
  float32: string;
  int8: string;
  /** Of the Trainer, on the eval split. */
  said: string;
  /** On eval and test photos. */
  parity: Parity;
}

async function trained({ data, scratch, options, log }: BenchContext, name: string, task: Task): Promise<Trained> {
  const workspace = join(options.workspace ?? scratch, name);
  const pipeline = definePipeline('int8', {}, () => {
    const { examples } = exampleGen({
      source: join(data as string, name),
      groupBy: 'near-duplicate',
      splits: { train: 8, eval: 1, test: 1 },
    });
    const { transformGraph } = transform({ examples, backbone: 'default', views: 'flipped' });
    trainer({ examples, transformGraph, task, head: { kind: 'ridge' } }, { name: 'float32' });
    trainer({ examples, transformGraph, task, head: { kind: 'ridge' }, export: 'auto' }, { name: 'auto' });
  });
  await using store = await openStore({ workspace });
  const run = await runPipeline(pipeline, { store, workspace, processes: 2, seed: 20 });
  if (run.state !== 'succeeded') throw new Error(JSON.stringify(run.error));
  const step = (asked: string) => run.steps.find((each) => each.name === asked);
  for (const each of ['transform', 'float32', 'auto'])
    log(`${name}, ${each}: ${step(each)?.seconds.toFixed(1)} s, ${step(each)?.summary}`);
  const uri = (from: string, key: string) => step(from)?.artifacts[key]?.uri as string;
  const [float32, int8] = [uri('float32', 'model'), uri('auto', 'model')];
  const { precision } = await readSignature(int8);
  const said = precision ? precisionText(precision) : 'float32';
  log(`${name}: ${said}`);
  return { float32, int8, said, parity: await parityOf(uri('example-gen', 'examples'), float32, int8) };
}

async function parityOf(examples: string, float32: string, int8: string): Promise<Parity> {
  const { labels, task, preprocess } = await readSignature(int8);
  const sessions = [await sessionOf(float32), await sessionOf(int8)];
  const answers: number[][] = [[], []];
  const targets: number[] = [];
  for (const split of ['eval', 'test'] as const)
    for await (const { example, image } of readImages(examples, split)) {
      const pixels = await toPixels(image, preprocess);
      targets.push(labels.indexOf(example.label));
      for (const [i, session] of sessions.entries()) answers[i]!.push(...(await answer(session, pixels, preprocess)));
    }
  for (const session of sessions) await session.release();
  return measureParity({
    float32: Float64Array.from(answers[0]!),
    int8: Float64Array.from(answers[1]!),
    targets: Int32Array.from(targets),
    positive: positiveLabels(task, labels),
  });
}

async function sessionOf(uri: string): Promise<InferenceSession> {
  return createSession(await readModelFile(uri, await readSignature(uri), 'model.onnx'));
}

async function answer(session: InferenceSession, pixels: Uint8Array, { width, height }: Preprocess) {
  const { probabilities } = await session.run({ pixels: new Tensor('uint8', pixels, [1, height, width, 3]) });
  return probabilities!.data as Float32Array;
}

function parityFigures(what: string, { parity, said }: Trained): Figure[] {
  const { photos, sameLabel, aucDifference, largestDifference } = parity;
  return [
    {
      what: `${what}: same label as float32 (${photos} photos)`,
      got: `${(100 * sameLabel).toFixed(2)} %`,
      toReach: '>= 99.5 %',
      met: sameLabel >= 0.995,
      note: `largest difference of a probability ${largestDifference.toFixed(3)}; the model says: ${said}`,
    },
    {
      what: `${what}: AUC difference`,
      got: aucDifference === null ? '–' : aucDifference.toFixed(5),
      toReach: '<= 0.0005',
      met: (aucDifference ?? 0) <= 0.0005,
    },
  ];
}

async function sizeFigure({ float32, int8 }: Trained): Promise<Figure> {
  const sizes = await Promise.all(
    [float32, int8].map(async (uri) => (await readModelFile(uri, await readSignature(uri), 'model.onnx')).length),
  );
  const megabytes = (bytes: number | undefined) => ((bytes ?? 0) / 1e6).toFixed(1);
  return {
    what: 'size of model.onnx, int8; float32',
    got: `${megabytes(sizes[1])}; ${megabytes(sizes[0])} MB`,
    toReach: '<= 6 MB',
    met: sizes[1]! <= 6e6,
    note: 'the float32 file keeps its kernels in int8, too, and computes in float32',
  };
}

/** CPU of `run` alone: decoding is the same for all. */
async function costFigure({ data, scratch, log }: BenchContext, { float32, int8 }: Trained): Promise<Figure> {
  const { preprocess } = await readSignature(int8);
  const files = (await photoFiles(data, scratch)).filter((_, i) => i % 10 === 0).slice(0, photosTimed);
  const pixels = await Promise.all(files.map(async (file) => toPixels(await readFile(file), preprocess)));
  const sessions = { int8: await sessionOf(int8), float32: await sessionOf(float32), mobilenet: await mobilenet() };
  const names = Object.keys(sessions) as (keyof typeof sessions)[];
  const means: Record<string, number[]> = {};
  for (let round = 0; round <= rounds; round++) {
    const spent = Object.fromEntries(names.map((name) => [name, 0])) as Record<keyof typeof sessions, number>;
    for (const photo of pixels)
      for (const name of names) {
        const before = process.cpuUsage();
        await answer(sessions[name], photo, preprocess);
        const { user, system } = process.cpuUsage(before);
        spent[name] += (user + system) / 1000 / pixels.length;
      }
    // the first warms up
    if (round > 0) for (const name of names) means[name] = [...(means[name] ?? []), spent[name]];
    log(names.map((name) => `${name} ${spent[name].toFixed(2)} ms`).join(', '));
  }
  for (const name of names) await sessions[name].release();
  const [whole, half, old] = (['float32', 'int8', 'mobilenet'] as const).map((name) => median(means[name]!));
  const share = half! / old!;
  return {
    what: 'CPU a photo, one thread, without decoding: int8 against mobilenet-v2 in float32',
    got: `x ${share.toFixed(2)} (${half!.toFixed(2)}; ${old!.toFixed(2)} ms)`,
    toReach: '<= 0.9',
    met: share <= 0.9,
    note: `int8 against the same backbone in float32: x ${(half! / whole!).toFixed(2)} (${whole!.toFixed(2)} ms)`,
  };
}

/** With a head of zeros, 19 labels. */
async function mobilenet(): Promise<InferenceSession> {
  const backbone = await loadBackbone('mobilenet-v2');
  const [inputs, outputs] = [backbone.embeddingSize, 19];
  const layer = { weight: new Float32Array(inputs * outputs), bias: new Float32Array(outputs), inputs, outputs };
  const [mean, scale] = [new Float32Array(inputs), new Float32Array(inputs).fill(1)];
  return createSession(
    composeModel({ backbone, views: ['plain'], mean, scale, head: { layers: [layer] }, temperature: 1 }),
  );
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
