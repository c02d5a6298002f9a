import { findImage, type Photo, readPhotos } from '../../artifacts/examples/read-photos.ts';
import type { Example, Split } from '../../contracts/artifacts/example.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import { MitateError } from '../../errors/index.ts';
import type { EmbeddingCache } from '../../inference/embeddings/embedding-cache.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import { mapOrdered } from '../../inference/map-ordered.ts';
import type { Answers } from './answers.ts';

export interface CachedModel {
  name: string;
  /** Its earlier predictions. */
  cache: EmbeddingCache;
}

export interface PredictOptions {
  pool: Pick<InferencePool, 'predict'>;
  models: readonly CachedModel[];
  /** Photos processed at once. */
  inFlight: number;
  onPhoto?: (done: number) => void;
  /** Only these photos; default all. */
  wanted?: (example: Example) => boolean;
  signal: AbortSignal;
}

/** Probabilities [N, K] of each model for the photos of a split, in the order of its lines. */
export async function predictSplit(uri: string, split: Split, options: PredictOptions): Promise<Float64Array[]> {
  const { models, inFlight, onPhoto, wanted = () => true, signal } = options;
  const rows = models.map((): Float32Array[] => []);
  let done = 0;
  const needsBytes = (example: Example) =>
    wanted(example) && models.some(({ cache }) => !cache.has(keyOf(example.sha256)));
  const photos = only(readPhotos(uri, split, needsBytes), wanted);
  const predicted = mapOrdered(photos, inFlight, async (photo) => {
    if (signal.aborted) throw new MitateError('CANCELLED', {});
    return Promise.all(models.map((model) => predict(model, photo, uri, options)));
  });
  for await (const predictions of predicted) {
    for (const [m, probabilities] of predictions.entries()) rows[m]?.push(probabilities);
    onPhoto?.(++done);
  }
  return rows.map((ofModel) => flatten(ofModel));
}

async function* only(photos: AsyncIterable<Photo>, wanted: (example: Example) => boolean): AsyncGenerator<Photo> {
  for await (const photo of photos) if (wanted(photo.example)) yield photo;
}

async function predict({ name, cache }: CachedModel, photo: Photo, uri: string, { pool, signal }: PredictOptions) {
  const key = keyOf(photo.example.sha256);
  const known = await cache.get(key);
  if (known) return known;
  const image = photo.image ?? (await findImage(uri, photo.example));
  const { probabilities } = await pool.predict(name, image, { subject: photo.example.filename, signal });
  await cache.put(key, probabilities);
  return probabilities;
}

const keyOf = (sha256: string) => ({ sha256, view: 'plain' });

function flatten(rows: readonly Float32Array[]): Float64Array {
  const all = new Float64Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
}

/**
 * A model's probabilities and the truth, in the order of `labels`. A label that the model does not have gets probability 0.
 * @param labels of the evaluated model
 */
export function answersOf(
  probabilities: Float64Array,
  signature: Signature,
  examples: readonly Example[],
  labels: readonly string[],
): Answers {
  const column = new Map(signature.labels.map((label, k) => [label, k]));
  const index = new Map(labels.map((label, k) => [label, k]));
  const aligned = new Float64Array(examples.length * labels.length);
  for (let i = 0; i < examples.length; i++) {
    for (const [k, label] of labels.entries()) {
      const from = column.get(label);
      if (from !== undefined) aligned[i * labels.length + k] = probabilities[i * signature.labels.length + from]!;
    }
  }
  const truths = Int32Array.from(examples, ({ label, filename }) => {
    const truth = index.get(label);
    if (truth === undefined)
      throw new MitateError('EVALUATION_LABEL_UNKNOWN', { label, filename, known: labels.join(', ') });
    return truth;
  });
  return { probabilities: aligned, truths, labels, task: signature.task, threshold: signature.threshold };
}
