import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import type { Backbone } from '../../src/backbones/backbone.ts';
import { composeEmbedder, composeModel } from '../../src/backbones/compose.ts';
import { loadBackbone } from '../../src/backbones/load-backbone.ts';
import { sha256 } from '../../src/codecs/digest.ts';
import type { HeadWeights } from '../../src/contracts/artifacts/head.ts';
import type { Signature } from '../../src/contracts/artifacts/signature.ts';
import type { Task } from '../../src/contracts/task.ts';
import { Random } from '../../src/math/stats/random.ts';
import { createSession } from '../../src/onnx/session.ts';
import { toPixels } from '../../src/vision/pixels.ts';

/** A model that can be exported again and again, whole or with a defect. */
export interface TestModel {
  backbone: Backbone;
  labels: string[];
  mean: Float32Array;
  scale: Float32Array;
  head: HeadWeights;
  /** [photos][labels], worked out in float64 outside the exported graph. */
  probabilities: number[][];
  photos: Uint8Array[];
}

async function embed(backbone: Backbone, photos: Uint8Array[]): Promise<Float32Array[]> {
  const session = await createSession(composeEmbedder(backbone));
  const { width, height } = backbone.preprocess;
  const rows: Float32Array[] = [];
  for (const photo of photos) {
    const pixels = new Tensor('uint8', await toPixels(photo, backbone.preprocess), [1, height, width, 3]);
    rows.push((await session.run({ pixels })).embedding!.data as Float32Array);
  }
  await session.release();
  return rows;
}

function softmax(logits: number[]): number[] {
  const highest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** A real backbone under a seeded logistic head, confident in its answers, which are then the photos' truth. */
export async function makeModel(photos: Uint8Array[], labels: string[]): Promise<TestModel> {
  const backbone = await loadBackbone('mobilenet-v2');
  const rows = await embed(backbone, photos);
  const size = backbone.embeddingSize;
  const [mean, scale] = [new Float32Array(size), new Float32Array(size)];
  for (const row of rows) for (let j = 0; j < size; j++) mean[j]! += row[j]! / rows.length;
  for (const row of rows) for (let j = 0; j < size; j++) scale[j]! += (row[j]! - mean[j]!) ** 2 / rows.length;
  for (let j = 0; j < size; j++) scale[j] = Math.sqrt(scale[j]!) + 1e-3;
  const random = new Random(11);
  const weight = Float32Array.from({ length: size * labels.length }, () => 0.3 * random.normal());
  const head = { layers: [{ weight, bias: new Float32Array(labels.length), inputs: size, outputs: labels.length }] };
  const probabilities = rows.map((row) =>
    softmax(
      labels.map((_, k) =>
        row.reduce((sum, x, j) => sum + ((x - mean[j]!) / scale[j]!) * weight[j * labels.length + k]!, 0),
      ),
    ),
  );
  return { backbone, labels, mean, scale, head, probabilities, photos };
}

/** Index of the likeliest label of each photo. */
export function answersOf(model: TestModel): string[] {
  return model.probabilities.map((row) => model.labels[row.indexOf(Math.max(...row))]!);
}

export function modelBytes(model: TestModel, head: HeadWeights = model.head): Uint8Array {
  const { backbone, mean, scale } = model;
  return composeModel({ backbone, views: ['plain'], mean, scale, head, temperature: 1 });
}

/** The head with every layer's weights edited. */
export function headWith(
  { head }: TestModel,
  edit: (weight: Float32Array, bias: Float32Array) => Partial<HeadWeights['layers'][number]>,
): HeadWeights {
  return { layers: head.layers.map((layer) => ({ ...layer, ...edit(layer.weight.slice(), layer.bias.slice()) })) };
}

function signatureOf({ backbone, labels }: TestModel, task: Task, files: Record<string, string>): Signature {
  const { name, digest, preprocess, embeddingSize } = backbone;
  const float = (tensor: string, size: number) => ({ name: tensor, dtype: 'float32' as const, shape: [-1, size] });
  return {
    format: 'mitate/1',
    inputs: [{ name: 'pixels', dtype: 'uint8', shape: [-1, preprocess.height, preprocess.width, 3] }],
    outputs: [float('logits', labels.length), float('probabilities', labels.length), float('embedding', embeddingSize)],
    labels,
    task,
    threshold: 0.5,
    temperature: 1,
    preprocess,
    views: ['plain'],
    backbone: { name, digest },
    embeddingSize,
    files,
  };
}

/** A Model artifact's folder as the Trainer lays it out, signed; `bytes` may be any other graph. */
export function writeModelFolder(
  folder: string,
  model: TestModel,
  options: { bytes?: Uint8Array; warmup?: number; task?: Task } = {},
): string {
  const bytes = options.bytes ?? modelBytes(model);
  mkdirSync(join(folder, 'Format-Serving'), { recursive: true });
  mkdirSync(join(folder, 'warmup'), { recursive: true });
  writeFileSync(join(folder, 'Format-Serving', 'model.onnx'), bytes);
  const signature = signatureOf(model, options.task ?? { kind: 'multiclass' }, { 'model.onnx': sha256(bytes) });
  writeFileSync(join(folder, 'Format-Serving', 'signature.json'), JSON.stringify(signature, null, 2));
  const requests = model.photos.slice(0, options.warmup ?? 8).map((photo, i) => ({
    sha256: sha256(photo),
    image: Buffer.from(photo).toString('base64'),
    probabilities: model.probabilities[i],
  }));
  writeFileSync(join(folder, 'warmup', 'requests.jsonl'), requests.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return folder;
}

/** Changes signature.json in place. */
export function editSignature(folder: string, edit: (signature: Signature) => Partial<Signature>): void {
  const path = join(folder, 'Format-Serving', 'signature.json');
  const signature = JSON.parse(readFileSync(path, 'utf8')) as Signature;
  writeFileSync(path, JSON.stringify({ ...signature, ...edit(signature) }));
}
