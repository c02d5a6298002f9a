import { hash } from 'node:crypto';
import { Tensor } from 'onnxruntime-node';
import { MitateError } from '../errors/index.ts';
import { RandomProjection } from '../math/drift/random-projection.ts';
import { toFloat16 } from '../math/stats/float16.ts';
import { inspectImage } from '../vision/inspect.ts';
import { toPixels } from '../vision/pixels.ts';
import type { ServeJob } from './messages.ts';
import type { ServedNumbers } from './pool-answer.ts';
import { qualityHints } from './quality.ts';
import { finite, type OpenGraph } from './run-job.ts';
import type { ServedModel } from './served-model.ts';

/** A model that is held to be served, with what its judgements need made once. */
export interface OpenModel extends OpenGraph {
  served: ServedModel;
  projection: RandomProjection;
}

export function openModel(graph: OpenGraph, served: ServedModel): OpenModel {
  const { seed, size } = served.projection;
  return { ...graph, served, projection: new RandomProjection(seed, served.embeddingSize, size) };
}

/** One photo: decoded, measured, answered, placed among the training photos. */
export async function runServeJob(model: OpenModel, { image, embedding: wanted }: ServeJob): Promise<ServedNumbers> {
  const start = performance.now();
  const [{ format, width, height, properties }, pixels] = await Promise.all([
    inspectImage(image),
    toPixels(image, model.preprocess),
  ]);
  const { probabilities, embedding } = await infer(model, pixels);
  return {
    probabilities,
    projection: halves(model.projection.project(embedding)),
    embedding: wanted ? embedding : null,
    format,
    width,
    height,
    properties,
    imageSha256: hash('sha256', image),
    pixelsSha256: hash('sha256', pixels),
    quality: qualityHints(properties),
    outOfDistribution: null,
    inferenceMs: performance.now() - start,
  };
}

/** @throws MODEL_ANSWERED_NAN, MODEL_ANSWER_SHAPE */
async function infer({ name, session, preprocess, served }: OpenModel, pixels: Uint8Array) {
  const { width, height } = preprocess;
  const feeds = { pixels: new Tensor('uint8', pixels, [1, height, width, 3]) };
  const outputs = await session.run(feeds, ['probabilities', 'embedding']);
  const values = (output: string, expected: number) => {
    const data = outputs[output]?.data as Float32Array | undefined;
    if (data?.length === expected) return finite(name, output, data);
    throw new MitateError('MODEL_ANSWER_SHAPE', { name, output, expected, actual: data?.length ?? 0 });
  };
  return {
    probabilities: values('probabilities', served.classes),
    embedding: values('embedding', served.embeddingSize),
  };
}

function halves(values: Float32Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(2 * values.length));
  values.forEach((value, i) => {
    bytes.setUint16(2 * i, toFloat16(value), true);
  });
  return new Uint8Array(bytes.buffer);
}
