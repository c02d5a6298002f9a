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

/** Decodes once, then runs the graph once per view with batch size 1: batches are slower on a CPU (-14 % at 8). */
export async function runJob({ name, session, preprocess }: OpenGraph, job: RunJob): Promise<RunAnswer> {
  const { width, height } = preprocess;
  const { image, change } = job;
  const pixels = change ? await changedPixels(image, preprocess, change) : await toPixels(image, preprocess);
  if (pixels === null) return [];
  const feeds = Object.fromEntries(Object.entries(job.feeds).map(([key, data]) => [key, new Tensor('float32', data)]));
  const answers: RunAnswer = [];
  for (const view of job.views) {
    const viewed = applyView(pixels, width, height, view);
    const outputs = await session.run(
      { ...feeds, pixels: new Tensor('uint8', viewed, [1, height, width, 3]) },
      job.fetches,
    );
    answers.push(job.fetches.map((output) => finite(name, output, outputs[output]?.data as Float32Array)));
  }
  return answers;
}

export function finite(name: string, output: string, values: Float32Array): Float32Array {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) count++;
  if (count > 0) throw new MitateError('MODEL_ANSWERED_NAN', { name, output, count });
  return values;
}
