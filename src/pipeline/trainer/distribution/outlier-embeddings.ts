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
import { strangePictures } from './strange-pictures.ts';

/** 96 are as good as 240: they detect 98 and 99 % of drawn non-leaves. */
const outliers = 96;
/** Half are `things`, which are the hardest to distinguish from a subject. */
const kinds: OutlierKind[] = ['things', 'backdrop', 'things', 'pieces', 'things', 'blank'];

export interface OutlierOptions {
  examplesUri: string;
  /** Of the data set. */
  labels: readonly string[];
  /** Of the train split. */
  examples: readonly Example[];
  backbone: Backbone;
  seed: number | string;
  signal: AbortSignal;
}

/** Embeddings [D] of drawn pictures, not standardised. */
export interface DrawnEmbeddings {
  /** Made from train photos without their subject, to fit the detector. */
  outliers: Float32Array[];
  /** Of other kinds, to measure. */
  strange: { what: string; isNoSubject: boolean; embeddings: Float32Array[] }[];
}

/**
 * One process, one thread: deterministic.
 * @throws EXAMPLES_CORRUPT, CANCELLED
 */
export async function drawnEmbeddings(options: OutlierOptions): Promise<DrawnEmbeddings> {
  const { backbone, labels, seed } = options;
  const random = new Random(`${options.seed}:outliers`);
  const photos = await chosenPhotos(options, random);
  const session = await createSession(composeEmbedder(backbone));
  const embedded = async (picture: Picture) => {
    if (options.signal.aborted) throw new MitateError('CANCELLED', {});
    return await embed(session, picture);
  };
  try {
    const rows: Float32Array[] = [];
    for (let i = 0; i < outliers; i++) {
      const [photo, skin] = [photos[i % photos.length]!, photos[(i + 1) % photos.length]!];
      rows.push(await embedded(drawOutlier(kinds[i % kinds.length]!, photo, skin, random)));
    }
    const strange: DrawnEmbeddings['strange'] = [];
    for (const { pictures, ...kind } of await strangePictures(labels, backbone.preprocess, String(seed))) {
      const embeddings: Float32Array[] = [];
      for (const picture of pictures) embeddings.push(await embedded(picture));
      strange.push({ ...kind, embeddings });
    }
    return { outliers: rows, strange };
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
