/** Entry of the new process: loads the model, runs it on photos and times it, one stage per request. */
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { createSession } from '../../onnx/session.ts';
import { serveParent } from '../../processes/serve-parent.ts';
import { toPixels } from '../../vision/pixels.ts';
import type { Answered, Booted, BootOrder, BootRequest, Measured, TensorInfo } from './messages.ts';

const outputs = ['logits', 'probabilities', 'embedding'];

let order: BootOrder;
let session: InferenceSession;
let startBytes = 0;
let peakBytes = 0;

serveParent(async (request: BootRequest): Promise<unknown> => {
  if (request.stage === 'load the model') return await load(request.order);
  if (request.stage === 'answer') return await answerAll();
  if (request.stage === 'load the explainer') return await loadExplainer();
  return await measure();
});

async function load(given: BootOrder): Promise<Booted> {
  order = given;
  startBytes = process.memoryUsage.rss();
  peakBytes = startBytes;
  session = await createSession(order.model);
  watchMemory();
  return { inputs: infoOf(session.inputMetadata), outputs: infoOf(session.outputMetadata) };
}

async function answerAll(): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (const image of order.images) {
    answers.push(await answer(await pixelsOf(image)));
    watchMemory();
  }
  return answers;
}

async function loadExplainer(): Promise<void> {
  if (order.explainer) await (await createSession(order.explainer)).release();
}

/** Model and reference alternately, so that a busy machine slows both; the first run of each does not count. */
async function measure(): Promise<Measured> {
  const pixels = await pixelsOf(order.images[0]!);
  const reference = order.reference && (await createSession(order.reference));
  const [modelMs, referenceMs]: [number[], number[]] = [[], []];
  for (let i = 0; i <= order.repeats; i++) {
    modelMs.push(await millisecondsOf(session, pixels));
    if (reference) referenceMs.push(await millisecondsOf(reference, pixels));
  }
  return { modelMs: modelMs.slice(1), referenceMs: referenceMs.slice(1), grownBytes: peakBytes - startBytes };
}

function watchMemory(): void {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
}

function infoOf(values: readonly InferenceSession.ValueMetadata[]): TensorInfo[] {
  return values.map((value) =>
    value.isTensor
      ? { name: value.name, dtype: value.type, shape: [...value.shape] }
      : { name: value.name, dtype: 'none', shape: [] },
  );
}

async function pixelsOf(image: Uint8Array): Promise<Tensor> {
  const { preprocess } = order;
  return new Tensor('uint8', await toPixels(image, preprocess), [1, preprocess.height, preprocess.width, 3]);
}

async function answer(pixels: Tensor): Promise<Answered> {
  const known = outputs.filter((name) => session.outputNames.includes(name));
  const results = await session.run({ pixels }, known);
  return Object.fromEntries(
    known.map((name) => [name, { dims: [...results[name]!.dims], data: results[name]!.data as Float32Array }]),
  );
}

async function millisecondsOf(timed: InferenceSession, pixels: Tensor): Promise<number> {
  const start = performance.now();
  await timed.run({ pixels });
  return performance.now() - start;
}
