import type { InferenceSession } from 'onnxruntime-node';
import { Tensor } from 'onnxruntime-node';
import type { Preprocess } from '../../contracts/artifacts/signature.ts';
import { MitateError } from '../../errors/index.ts';
import { changedPixels } from '../../vision/alter/photo-change.ts';
import { toPixels } from '../../vision/pixels.ts';
import { applyView } from '../../vision/view.ts';
import type { RunAnswer, RunJob } from './messages.ts';

export interface OpenGraph {
  name: string;
  session: InferenceSession;
  preprocess: Preprocess;
}

/** Decodes once, then runs the graph once per view or change with batch size 1: batches are slower on a CPU (-14 % at 8). */
export async function runJob({ name, session, preprocess }: OpenGraph, job: RunJob): Promise<RunAnswer> {
  const { width, height } = preprocess;
  const feeds = Object.fromEntries(Object.entries(job.feeds).map(([key, data]) => [key, new Tensor('float32', data)]));
  const answers: RunAnswer = [];
  for await (const pixels of inputsOf(job, preprocess)) {
    const input = pixels && new Tensor('uint8', pixels, [1, height, width, 3]);
    const outputs = input && (await session.run({ ...feeds, pixels: input }, job.fetches));
    const values = (output: string) => finite(name, output, outputs![output]?.data as Float32Array);
    answers.push(outputs ? job.fetches.map(values) : []);
  }
  return answers;
}

async function* inputsOf({ image, views, changes }: RunJob, preprocess: Preprocess) {
  if (changes) return yield* changedPixels(image, preprocess, changes);
  const { width, height } = preprocess;
  const pixels = await toPixels(image, preprocess);
  for (const view of views) yield applyView(pixels, width, height, view);
}

export function finite(name: string, output: string, values: Float32Array): Float32Array {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) count++;
  if (count > 0) throw new MitateError('MODEL_ANSWERED_NAN', { name, output, count });
  return values;
}
