import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { readImages } from '../../../artifacts/examples/read-examples.ts';
import type { Backbone } from '../../../backbones/backbone.ts';
import { composeEmbedder } from '../../../backbones/compose.ts';
import type { Example } from '../../../contracts/artifacts/example.ts';
import { MitateError } from '../../../errors/index.ts';
import { Random } from '../../../math/stats/random.ts';
import { createSession } from '../../../onnx/session.ts';
import { drawOutlier, type OutlierKind, type Picture } from '../../../vision/outlier.ts';
import { toPixels } from '../../../vision/pixels.ts';

/** 96 are as good as 240: they detect 98 and 99 % of drawn non-leaves. */
const outliers = 96;
/** Half are `things`, which are the hardest to distinguish from a subject. */
const kinds: OutlierKind[] = ['things', 'backdrop', 'things', 'pieces', 'things', 'blank'];

export interface OutlierOptions {
  examplesUri: string;
  /** Of the train split. */
  examples: readonly Example[];
  backbone: Backbone;
  seed: number | string;
  signal: AbortSignal;
}

/**
 * Embeddings [D] of pictures made from train photos without their subject. One process, one thread: deterministic.
 * @throws EXAMPLES_CORRUPT, CANCELLED
 */
export async function outlierEmbeddings(options: OutlierOptions): Promise<Float32Array[]> {
  const random = new Random(`${options.seed}:outliers`);
  const photos = await chosenPhotos(options, random);
  const session = await createSession(composeEmbedder(options.backbone));
  try {
    const rows: Float32Array[] = [];
    for (let i = 0; i < outliers; i++) {
      if (options.signal.aborted) throw new MitateError('CANCELLED', {});
      const [photo, skin] = [photos[i % photos.length]!, photos[(i + 1) % photos.length]!];
      rows.push(await embed(session, drawOutlier(kinds[i % kinds.length]!, photo, skin, random)));
    }
    return rows;
  } finally {
    await session.release();
  }
}

async function chosenPhotos({ examplesUri, examples, backbone }: OutlierOptions, random: Random): Promise<Picture[]> {
  const drawn = random.shuffle(examples.map(({ sha256 }) => sha256)).slice(0, outliers);
  const chosen = new Set(drawn);
  const { width, height } = backbone.preprocess;
  const pictures = new Map<string, Picture>();
  for await (const { example, image } of readImages(examplesUri, 'train', ({ sha256 }) => chosen.has(sha256))) {
    pictures.set(example.sha256, { pixels: await toPixels(image, backbone.preprocess), width, height });
  }
  return drawn.map((sha256) => pictures.get(sha256)!);
}

async function embed(session: InferenceSession, { pixels, width, height }: Picture): Promise<Float32Array> {
  const { embedding } = await session.run({ pixels: new Tensor('uint8', pixels, [1, height, width, 3]) });
  return embedding!.data as Float32Array;
}
