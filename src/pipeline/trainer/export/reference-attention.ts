import type { InferenceSession } from 'onnxruntime-node';
import { Tensor } from 'onnxruntime-node';
import { readImages } from '../../../artifacts/examples/read-examples.ts';
import { readModelFile } from '../../../artifacts/model/model-files.ts';
import type { Example } from '../../../contracts/artifacts/example.ts';
import type { Signature } from '../../../contracts/artifacts/signature.ts';
import type { Attention } from '../../../contracts/request-record.ts';
import { MitateError } from '../../../errors/index.ts';
import { attentionOf } from '../../../inference/explain/attention.ts';
import { classMask } from '../../../inference/explain/class-mask.ts';
import { finite } from '../../../inference/processes/run-job.ts';
import { Random } from '../../../math/stats/random.ts';
import { createSession } from '../../../onnx/session.ts';
import { toPixels } from '../../../vision/pixels.ts';

/** 9 ms each and 4 ms for decoding: 2 s. */
const mostMaps = 150;
const graph = 'explain.onnx';

interface Options {
  modelUri: string;
  examplesUri: string;
  signature: Signature;
  /** Of the eval split. */
  examples: readonly Example[];
  /** Of them, [photos, K], 0..1. */
  answers: Float64Array;
  seed: number | string;
  signal: AbortSignal;
}

/**
 * Where the model looks on eval photos: attention of the heat map that the service draws when no label is requested. One process, one thread:
 * deterministic.
 * @returns by sha256; empty if the backbone has no heat map
 * @throws CANCELLED, MODEL_ANSWERED_NAN, EXAMPLES_CORRUPT
 */
export async function referenceAttention(options: Options): Promise<Map<string, Attention>> {
  const { modelUri, examplesUri, signature, examples, seed, signal } = options;
  const attention = new Map<string, Attention>();
  const places = chosenPlaces(examples, `${seed}:reference:maps`);
  if (!(graph in signature.files) || places.size === 0) return attention;
  const session = await createSession(await readModelFile(modelUri, signature, graph));
  try {
    const photos = readImages(examplesUri, 'eval', ({ sha256 }) => places.has(sha256));
    for await (const { example, image } of photos) {
      if (signal.aborted) throw new MitateError('CANCELLED', {});
      const positive = classMask(graph, signature, answersOf(options, places.get(example.sha256)!), undefined);
      attention.set(example.sha256, await attentionTo(session, signature, image, positive));
    }
    return attention;
  } finally {
    await session.release();
  }
}

/** sha256 -> index in the split. */
function chosenPlaces(examples: readonly Example[], seed: string): Map<string, number> {
  const places = new Random(seed).shuffle([...examples.keys()]).slice(0, mostMaps);
  return new Map(places.map((place) => [examples[place]!.sha256, place]));
}

function answersOf({ answers, signature }: Options, place: number): Float32Array {
  const classes = signature.labels.length;
  return Float32Array.from(answers.subarray(place * classes, (place + 1) * classes));
}

async function attentionTo(
  session: InferenceSession,
  { preprocess }: Signature,
  image: Uint8Array,
  positive: Float32Array,
): Promise<Attention> {
  const pixels = await toPixels(image, preprocess);
  const feeds = {
    pixels: new Tensor('uint8', pixels, [1, preprocess.height, preprocess.width, 3]),
    positive: new Tensor('float32', positive),
  };
  const { map, map_size } = await session.run(feeds, ['map', 'map_size']);
  const [height, width] = map_size!.data as Float32Array;
  return attentionOf({ map: finite(graph, 'map', map!.data as Float32Array), height: height!, width: width! });
}
