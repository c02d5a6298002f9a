/** Entry of the fresh process: loads the model, answers, is timed, tells what it found, and waits to be ended. */
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { createSession } from '../../onnx/session.ts';
import { toPixels } from '../../vision/pixels.ts';
import type { Answered, BootMessage, BootOrder, Stage, TensorInfo } from './messages.ts';

const outputs = ['logits', 'probabilities', 'embedding'];
let stage: Stage = 'load the model';

function say(message: BootMessage): void {
  process.send?.(message);
}

function infoOf(values: readonly InferenceSession.ValueMetadata[]): TensorInfo[] {
  return values.map((value) =>
    value.isTensor
      ? { name: value.name, dtype: value.type, shape: [...value.shape] }
      : { name: value.name, dtype: 'none', shape: [] },
  );
}

async function pixelsOf(image: Uint8Array, { preprocess }: BootOrder): Promise<Tensor> {
  return new Tensor('uint8', await toPixels(image, preprocess), [1, preprocess.height, preprocess.width, 3]);
}

async function answer(session: InferenceSession, pixels: Tensor): Promise<Answered> {
  const known = outputs.filter((name) => session.outputNames.includes(name));
  const results = await session.run({ pixels }, known);
  return Object.fromEntries(
    known.map((name) => [name, { dims: [...results[name]!.dims], data: results[name]!.data as Float32Array }]),
  );
}

async function millisecondsOf(session: InferenceSession, pixels: Tensor): Promise<number> {
  const start = performance.now();
  await session.run({ pixels });
  return performance.now() - start;
}

/** Model and reference in turns, so that a busy machine slows both; the first run of each does not count. */
async function time(session: InferenceSession, order: BootOrder) {
  const pixels = await pixelsOf(order.images[0]!, order);
  const reference = order.reference && (await createSession(order.reference));
  const [modelMs, referenceMs]: [number[], number[]] = [[], []];
  for (let i = 0; i <= order.repeats; i++) {
    modelMs.push(await millisecondsOf(session, pixels));
    if (reference) referenceMs.push(await millisecondsOf(reference, pixels));
  }
  return { modelMs: modelMs.slice(1), referenceMs: referenceMs.slice(1) };
}

async function work(order: BootOrder): Promise<void> {
  const before = process.memoryUsage.rss();
  let highest = before;
  const watch = () => {
    highest = Math.max(highest, process.memoryUsage.rss());
  };
  const session = await createSession(order.model);
  watch();
  say({ kind: 'booted', inputs: infoOf(session.inputMetadata), outputs: infoOf(session.outputMetadata) });
  stage = 'answer';
  const answers: Answered[] = [];
  for (const image of order.images) {
    answers.push(await answer(session, await pixelsOf(image, order)));
    watch();
  }
  say({ kind: 'answered', answers });
  stage = 'load the explainer';
  if (order.explainer) await (await createSession(order.explainer)).release();
  stage = 'time the model';
  say({ kind: 'measured', ...(await time(session, order)), grownBytes: highest - before });
}

process.once('message', (order: BootOrder) => {
  work(order).catch((error) =>
    say({ kind: 'failed', stage, reason: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group: the parent decides when its child ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
