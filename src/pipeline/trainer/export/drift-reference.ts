import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeArtifactJson } from '../../../artifacts/artifact-json.ts';
import { recordFrom } from '../../../codecs/record-from.ts';
import type { DriftReference } from '../../../contracts/artifacts/drift-reference.ts';
import type { Example } from '../../../contracts/artifacts/example.ts';
import { positiveLabels, type Task } from '../../../contracts/task.ts';
import { questionScores } from '../../../math/calibration/question-scores.ts';
import { RandomProjection } from '../../../math/drift/random-projection.ts';
import { fromFloat16, toFloat16 } from '../../../math/stats/float16.ts';
import { Random } from '../../../math/stats/random.ts';
import type { DrawnEmbeddings } from '../distribution/outlier-embeddings.ts';
import { writeDistribution } from '../distribution/write-distribution.ts';
import type { TrainingData } from '../training-data.ts';

const projectionFile = 'drift-projection.f16';
/** The same seed for all models, so that projections of models on one backbone can be compared. */
const projectionSeed = 'mitate-drift-projection/1';
const projectionSize = 64;
const mostRows = 1000;
const bins = 20;

export interface DriftOptions {
  modelUri: string;
  data: TrainingData;
  task: Task;
  threshold: number;
  /** Of the eval split, [photos, K], 0..1. */
  answers: Float64Array;
  drawn: DrawnEmbeddings;
  seed: number | string;
}

/** Writes `drift-reference.json`, the projected train embeddings and the outlier detector. */
export async function writeDriftReference(options: DriftOptions): Promise<DriftReference> {
  const { modelUri, data, drawn, seed } = options;
  const chosen = driftPhotos(data, seed);
  const projection = new RandomProjection(projectionSeed, data.source.size, projectionSize);
  const project = (embedding: Float32Array) => projection.project(embedding).map((x) => fromFloat16(toFloat16(x)));
  const projected = projectedRows(data, chosen, project);
  await writeFile(join(modelUri, projectionFile), halves(projected));
  const distribution = await writeDistribution({ modelUri, data, chosen, projected, project, drawn, seed });
  const reference: DriftReference = {
    ...answersReference(options),
    properties: propertiesReference(data.eval.examples),
    projection: {
      file: projectionFile,
      rows: chosen.length,
      size: projectionSize,
      seed: projectionSeed,
      embeddingSize: data.source.size,
      ids: chosen.map((i) => data.train.examples[i]!.sha256),
    },
    ...(distribution && { distribution }),
  };
  await writeArtifactJson(join(modelUri, 'drift-reference.json'), reference);
  return reference;
}

type AnswersReference = Pick<
  DriftReference,
  'examples' | 'labels' | 'answers' | 'positiveRate' | 'positiveRateAtHalf' | 'scores'
>;

function answersReference({ data, task, threshold, answers }: DriftOptions): AnswersReference {
  const { labels } = data;
  const classes = labels.length;
  const count = data.eval.photos.length;
  const rowsOf = Array.from({ length: count }, (_, i) => answers.subarray(i * classes, (i + 1) * classes));
  const positive = positiveLabels(task, labels);
  const scores = positive ? questionScores(answers, positive) : Float64Array.from(rowsOf, (row) => Math.max(...row));
  const rate = (cut: number) => (positive && count > 0 ? scores.filter((score) => score >= cut).length / count : null);
  return {
    examples: count,
    labels: shares(labels, data.eval.targets),
    answers: shares(
      labels,
      rowsOf.map((row) => row.indexOf(Math.max(...row))),
    ),
    positiveRate: rate(threshold),
    positiveRateAtHalf: positive && count > 0 ? scores.filter((score) => score > 0.5).length / count : null,
    scores: { ...distribution(scores), histogram: histogram(scores) },
  };
}

function propertiesReference(examples: readonly Example[]): DriftReference['properties'] {
  const names = Object.keys(examples[0]?.properties ?? {}).sort() as (keyof Example['properties'])[];
  return Object.fromEntries(names.map((name) => [name, distribution(examples.map((one) => one.properties[name]))]));
}

function shares(labels: readonly string[], classes: ArrayLike<number>): Record<string, number> {
  const counts = new Int32Array(labels.length);
  for (let i = 0; i < classes.length; i++) counts[classes[i]!]!++;
  return recordFrom(labels.map((label, k) => [label, classes.length ? counts[k]! / classes.length : 0]));
}

/** Percentiles interpolated between neighbours, mean and standard deviation; all 0 without values. */
function distribution(values: ArrayLike<number>): { quantiles: number[]; mean: number; std: number } {
  const sorted = Float64Array.from(values).sort();
  const count = Math.max(1, sorted.length);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  const quantiles = Array.from({ length: 101 }, (_, percent) => {
    const place = (percent / 100) * Math.max(0, sorted.length - 1);
    const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
    return low + (place - Math.floor(place)) * (high - low);
  });
  return { quantiles, mean, std: Math.sqrt(variance) };
}

function histogram(scores: Float64Array): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const score of scores) counts[Math.min(bins - 1, Math.floor(score * bins))]!++;
  return counts;
}

/** Indexes of at most 1,000 train photos, drawn without repeats, in order. */
export function driftPhotos({ train }: TrainingData, seed: number | string): number[] {
  const places = Array.from(train.photos, (_, i) => i);
  return new Random(`${seed}:drift-reference`)
    .shuffle(places)
    .slice(0, mostRows)
    .sort((a, b) => a - b);
}

/** Projected embeddings of the plain view: [chosen, size]. */
function projectedRows(
  { source, transform, train }: TrainingData,
  chosen: readonly number[],
  project: (embedding: Float32Array) => Float32Array,
): Float32Array {
  const plain = Math.max(0, transform.views.indexOf('plain'));
  const rows = new Float32Array(chosen.length * projectionSize);
  const embedding = new Float32Array(source.size);
  for (const [i, place] of chosen.entries()) {
    source.read([train.photos[place]! * source.views + plain], embedding);
    rows.set(project(embedding), i * projectionSize);
  }
  return rows;
}

function halves(values: Float32Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(2 * values.length));
  values.forEach((value, i) => {
    bytes.setUint16(2 * i, toFloat16(value), true);
  });
  return new Uint8Array(bytes.buffer);
}
