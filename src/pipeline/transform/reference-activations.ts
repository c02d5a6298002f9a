import { readImages, readIndex } from '../../artifacts/examples/read-examples.ts';
import type { Backbone } from '../../backbones/backbone.ts';
import { activationCount, composeActivations } from '../../backbones/compose-activations.ts';
import { sha256 } from '../../codecs/digest.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import { mapOrdered } from '../../inference/map-ordered.ts';

/** The standard error of their mean is less than a tenth of the spread between photos (1 / sqrt(128)). */
const referencePhotos = 128;

/**
 * Mean activations of the taps at each place, over up to 128 train photos (chosen by hash, so that most stay when photos are added).
 *
 * @returns float32 [L], as `composeActivations` lays it out
 */
export async function referenceActivations(options: {
  backbone: Backbone;
  examplesUri: string;
  pool: InferencePool;
  window: number;
  seed: number;
  signal: AbortSignal;
}): Promise<Float32Array> {
  const { backbone, pool, signal } = options;
  const sum = new Float64Array(activationCount(backbone));
  const graph = await pool.loadGraph('activations', composeActivations(backbone), backbone.preprocess);
  let photos = 0;
  const answers = mapOrdered(chosenPhotos(options.examplesUri, options.seed), options.window, ({ example, image }) =>
    graph.run(image, ['plain'], ['activations'], { signal, subject: example.filename }),
  );
  for await (const [[activations]] of answers as AsyncGenerator<[[Float32Array]]>) {
    for (let i = 0; i < sum.length; i++) sum[i]! += activations[i]!;
    photos++;
  }
  graph.unload();
  return Float32Array.from(sum, (value) => value / photos);
}

async function* chosenPhotos(examplesUri: string, seed: number) {
  const digests = (await readIndex(examplesUri, 'train')).map((example) => example.sha256);
  const rank = new Map(digests.map((digest) => [digest, sha256(`${seed}:${digest}`)]));
  const chosen = new Set(digests.sort((a, b) => (rank.get(a)! < rank.get(b)! ? -1 : 1)).slice(0, referencePhotos));
  yield* readImages(examplesUri, 'train', (example) => chosen.has(example.sha256));
}
