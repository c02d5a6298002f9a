import { hash } from 'node:crypto';
import { toFloat16 } from '../../math/stats/float16.ts';
import { preparePhoto } from '../../vision/prepare-photo.ts';
import { infer } from '../infer.ts';
import type { OpenModel } from '../open-model.ts';
import type { ServedNumbers } from '../pool-answer.ts';
import { qualityHints } from '../quality.ts';
import type { ServeJob } from './messages.ts';

/** One photo: decode, measure, infer, project, score against the training photos. */
export async function runServeJob(model: OpenModel, { image, embedding: wanted }: ServeJob): Promise<ServedNumbers> {
  const start = performance.now();
  const { format, properties, pixels } = await preparePhoto(image, model.preprocess);
  const { probabilities, embedding } = await infer(model, pixels);
  const projected = model.projection.project(embedding);
  return {
    probabilities,
    projection: halves(projected),
    embedding: wanted ? embedding : null,
    format,
    width: properties.width,
    height: properties.height,
    properties,
    imageSha256: hash('sha256', image),
    pixelsSha256: hash('sha256', pixels),
    quality: qualityHints(properties, model.preprocess),
    outOfDistribution: model.distribution?.score(projected, embedding) ?? null,
    inferenceMs: performance.now() - start,
  };
}

function halves(values: Float32Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(2 * values.length));
  values.forEach((value, i) => {
    bytes.setUint16(2 * i, toFloat16(value), true);
  });
  return new Uint8Array(bytes.buffer);
}
