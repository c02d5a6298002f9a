import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readImages } from '../../../artifacts/examples/read-examples.ts';
import { readModelFile } from '../../../artifacts/model/model-files.ts';
import { readServedModel } from '../../../artifacts/model/read-served-model.ts';
import type { Example } from '../../../contracts/artifacts/example.ts';
import { type ChangedAnswer, changedAnswersFile } from '../../../contracts/artifacts/reference-observation.ts';
import type { Signature } from '../../../contracts/artifacts/signature.ts';
import { MitateError } from '../../../errors/index.ts';
import { Distribution } from '../../../inference/distribution.ts';
import { infer } from '../../../inference/infer.ts';
import { RandomProjection } from '../../../math/drift/random-projection.ts';
import { Random } from '../../../math/stats/random.ts';
import { createSession } from '../../../onnx/session.ts';
import { toPixels } from '../../../vision/pixels.ts';
import type { Picture } from '../../../vision/resample/resample.ts';
import { type ShiftKind, shifts } from '../../../vision/shift/kinds.ts';
import { answerOf } from './answer-of.ts';

/** 46 of each kind, 14 ms each: 9 s on one thread. */
const mostAnswers = 644;
/** In memory at a time; 300 of 224 px are 45 MB. */
const mostPhotos = 300;
/** Fewer eval photos teach nothing about accuracy. */
const fewestPhotos = 40;
const timesEach = 6;

const changes: readonly (ShiftKind | null)[] = [null, ...(Object.keys(shifts) as ShiftKind[])];
const graph = 'model.onnx';

interface Options {
  modelUri: string;
  examplesUri: string;
  signature: Signature;
  /** Of the eval split. */
  examples: readonly Example[];
  seed: number | string;
  signal: AbortSignal;
}

/**
 * Writes `changed-answers.jsonl`: the exported model's answers to eval photos that were changed on purpose, from which monitors learn what its
 * confidence is worth when photos are not as in training. No file with fewer than 40 eval photos. One process, one thread: deterministic.
 * @throws CANCELLED, MODEL_ANSWERED_NAN, EXAMPLES_CORRUPT
 */
export async function writeChangedAnswers(options: Options): Promise<void> {
  const { modelUri, signature, signal, seed } = options;
  const random = new Random(`${seed}:changed`);
  const photos = await chosenPhotos(options, random);
  if (photos.length < fewestPhotos) return;
  const answered = await openAnswering(modelUri, signature);
  try {
    const rows: ChangedAnswer[] = [];
    for (let i = 0; i < Math.min(mostAnswers, timesEach * photos.length); i++) {
      if (signal.aborted) throw new MitateError('CANCELLED', {});
      const { example, picture } = photos[i % photos.length]!;
      const change = changes[(i + Math.floor(i / photos.length)) % changes.length]!;
      const other = photos[random.int(photos.length)]!.picture;
      const shown = change === null ? picture : shifts[change](picture, random.float(), random, other);
      rows.push({ id: example.sha256, change, answer: await answered.to(shown, example.label) });
    }
    await writeFile(join(modelUri, changedAnswersFile), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  } finally {
    await answered.close();
  }
}

async function chosenPhotos({ examplesUri, examples, signature: { preprocess } }: Options, random: Random) {
  const chosen = new Set(random.shuffle(examples.map(({ sha256 }) => sha256)).slice(0, mostPhotos));
  const photos: { example: Example; picture: Picture }[] = [];
  if (chosen.size < fewestPhotos) return photos;
  for await (const { example, image } of readImages(examplesUri, 'eval', ({ sha256 }) => chosen.has(sha256))) {
    const { width, height } = preprocess;
    photos.push({ example, picture: { pixels: await toPixels(image, preprocess), width, height } });
  }
  return random.shuffle(photos);
}

async function openAnswering(modelUri: string, signature: Signature) {
  const { preprocess } = signature;
  const served = await readServedModel(modelUri, signature);
  const projection = new RandomProjection(served.projection.seed, served.embeddingSize, served.projection.size);
  const distribution = served.trainingPhotos && new Distribution(served.trainingPhotos);
  const session = await createSession(await readModelFile(modelUri, signature, graph));
  return {
    async to({ pixels }: Picture, label: string): Promise<ChangedAnswer['answer']> {
      const { probabilities, embedding } = await infer({ name: graph, session, preprocess, served }, pixels);
      const score = distribution?.score(projection.project(embedding), embedding).score ?? null;
      return answerOf(probabilities, label, signature, score);
    },
    close: () => session.release(),
  };
}
