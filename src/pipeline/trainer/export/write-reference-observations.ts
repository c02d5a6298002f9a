import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readServedModel } from '../../../artifacts/model/read-served-model.ts';
import type { Example } from '../../../contracts/artifacts/example.ts';
import {
  type ReferenceObservation,
  referenceObservationsFile,
} from '../../../contracts/artifacts/reference-observation.ts';
import type { Signature } from '../../../contracts/artifacts/signature.ts';
import type { Attention } from '../../../contracts/request-record.ts';
import { Distribution } from '../../../inference/distribution.ts';
import { qualityHints } from '../../../inference/quality.ts';
import { RandomProjection } from '../../../math/drift/random-projection.ts';
import { toFloat16 } from '../../../math/stats/float16.ts';
import { Random } from '../../../math/stats/random.ts';
import type { TrainingData, TrainingPhotos } from '../training-data.ts';
import { answerOf } from './answer-of.ts';
import { referenceAttention } from './reference-attention.ts';

/** Per split. 2,000 rows are 0.8 MB. */
const mostPhotos = 1000;

interface Options {
  modelUri: string;
  examplesUri: string;
  data: TrainingData;
  signature: Signature;
  /** Of the eval split, [photos, K], 0..1. */
  answers: Float64Array;
  seed: number | string;
  signal: AbortSignal;
}

/**
 * Writes `reference-observations.jsonl`: eval photos with the predictions that serving would give, and train photos without. Must be called last, since it
 * reads the exported model.
 * @throws CANCELLED, MODEL_ANSWERED_NAN
 */
export async function writeReferenceObservations(options: Options): Promise<void> {
  const { modelUri, examplesUri, data, signature, answers, seed, signal } = options;
  const { projection: axes, trainingPhotos } = await readServedModel(modelUri, signature);
  const projection = new RandomProjection(axes.seed, data.source.size, axes.size);
  const distribution = trainingPhotos && new Distribution(trainingPhotos);
  const classes = data.labels.length;
  const maps = { modelUri, examplesUri, signature, examples: data.eval.examples, answers, seed, signal };
  const attention = await referenceAttention(maps);
  const plain = (photos: TrainingPhotos, i: number) => plainEmbedding(data, photos.photos[i]!);
  const rows = [
    ...observedPhotos(data.eval, `${seed}:reference:eval`).map((i) => {
      const example = data.eval.examples[i]!;
      const embedding = plain(data.eval, i);
      const projected = projection.project(embedding);
      const outOfDistributionScore = distribution?.score(projected, embedding).score ?? null;
      const probabilities = answers.subarray(i * classes, (i + 1) * classes);
      const answered = answerOf(probabilities, example.label, signature, outOfDistributionScore);
      return rowOf(example, projected, signature, answered, attention.get(example.sha256));
    }),
    ...observedTrainPhotos(data, seed).map((i) =>
      rowOf(data.train.examples[i]!, projection.project(plain(data.train, i)), signature, null),
    ),
  ];
  await writeFile(join(modelUri, referenceObservationsFile), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

function rowOf(
  { sha256, attributes, properties }: Example,
  projected: Float32Array,
  { preprocess }: Signature,
  answered: ReferenceObservation['answer'],
  attention: Attention | null = null,
): ReferenceObservation {
  return {
    id: sha256,
    attributes,
    properties: { ...properties },
    quality: qualityHints(properties, preprocess),
    projection: Buffer.from(Uint16Array.from(projected, toFloat16).buffer).toString('base64'),
    attention,
    answer: answered,
  };
}

/** Indexes of the train photos that are observed. */
export function observedTrainPhotos({ train }: TrainingData, seed: number | string): number[] {
  return observedPhotos(train, trainSeed(seed));
}

const trainSeed = (seed: number | string) => `${seed}:reference:train`;

/** Indexes in the split, drawn without replacement, in order. */
function observedPhotos({ examples }: TrainingPhotos, seed: string): number[] {
  const places = [...examples.keys()];
  return new Random(seed)
    .shuffle(places)
    .slice(0, mostPhotos)
    .sort((a, b) => a - b);
}

function plainEmbedding({ source, transform }: TrainingData, photo: number): Float32Array {
  const embedding = new Float32Array(source.size);
  source.read([photo * source.views + Math.max(0, transform.views.indexOf('plain'))], embedding);
  return embedding;
}
