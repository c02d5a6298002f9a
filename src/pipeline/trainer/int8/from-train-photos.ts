import type { Backbone } from '../../../backbones/backbone.ts';
import { correctedFeatures, fitFeatureLine } from '../../../backbones/correct-features.ts';
import type { QuantisableBackbone } from '../../../backbones/quantise-backbone.ts';
import { sha256 } from '../../../codecs/digest.ts';
import type { View } from '../../../contracts/artifacts/signature.ts';
import type { InferencePool } from '../../../inference/inference-pool.ts';
import type { TrainingData } from '../training-data.ts';
import { runOnPhotos } from './run-on-photos.ts';

/** Train photos that give the ranges of activations. */
const rangePhotos = 64;
/** Train photos whose float32 features correct those of int8. */
const correctionPhotos = 256;

export interface FromTrainPhotos {
  examplesUri: string;
  data: TrainingData;
  seed: number | string;
  processes: number;
  signal: AbortSignal;
}

/** Of activations, on some train photos: `measured` of `quantisedBackbone`. @throws as `runOnPhotos` */
export async function measureRanges(
  { ranges, backbone }: QuantisableBackbone,
  pool: InferencePool,
  { examplesUri, data, seed, processes, signal }: FromTrainPhotos,
): Promise<Float32Array[]> {
  if (ranges === null) return [];
  const graph = await pool.loadGraph('ranges', ranges, backbone.preprocess);
  const photos = trainPhotos(data, rangePhotos, seed);
  const of = { examplesUri, split: 'train', photos, graph, output: 'ranges', processes, signal } as const;
  const measured: Float32Array[] = [];
  for await (const { vectors } of runOnPhotos({ ...of, views: ['plain'] })) measured.push(...vectors);
  graph.unload();
  return measured;
}

/** Chosen by hash, so that most stay when photos are added. */
function trainPhotos({ train }: TrainingData, count: number, seed: number | string): Set<string> {
  const rank = new Map(train.examples.map((example) => [example.sha256, sha256(`${seed}:${example.sha256}`)]));
  return new Set([...rank.keys()].sort((a, b) => (rank.get(a)! < rank.get(b)! ? -1 : 1)).slice(0, count));
}

/**
 * Rounding shifts some features of all photos alike, and wakes up channels that are silent in float32; a head does not expect either.
 * After Nagel et al. 2019, section 4.2 (bias correction), on pooled features.
 * @throws as `runOnPhotos`
 */
export async function correctedByTraining(
  backbone: Backbone,
  pool: InferencePool,
  { examplesUri, data, seed, processes, signal }: FromTrainPhotos,
): Promise<Backbone> {
  const { train, source } = data;
  const photos = trainPhotos(data, correctionPhotos, seed);
  const numbers = new Map(train.examples.map((example, i) => [example.sha256, train.photos[i]!]));
  const graph = await pool.loadGraph('features', backbone.bytes, backbone.preprocess);
  const of = { examplesUri, split: 'train', photos, graph, output: 'features', processes, signal } as const;
  const [wanted, given]: [Float32Array[], Float32Array[]] = [[], []];
  const view = data.transform.views.indexOf(plainOf(data));
  for await (const { example, vectors } of runOnPhotos({ ...of, views: [plainOf(data)] })) {
    const embedding = new Float32Array(source.size);
    source.read([numbers.get(example.sha256)! * source.views + view], embedding);
    // embeddings are the signed square root of features
    wanted.push(embedding.map((value) => value * Math.abs(value)));
    given.push(...vectors);
  }
  graph.unload();
  return correctedFeatures(backbone, fitFeatureLine(wanted, given));
}

/** The view that references are made of. */
export function plainOf({ transform: { views } }: TrainingData): View {
  return views.includes('plain') ? 'plain' : views[0]!;
}
