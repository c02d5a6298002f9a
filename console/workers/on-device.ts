import runtime from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { DeviceModel, type DevicePrediction } from '../../src/inference/on-device.ts';
import { bytesOf, keptModel } from '../screens/diagnose/kept-model.ts';
import { pixelsOf } from './pixels-of.ts';

/** No photos: the model is only made ready. */
export interface DeviceQuestion {
  id: number;
  endpoint: string;
  photos: readonly Blob[];
}

/** As the server's, without ids. */
export interface DeviceAnswer {
  predictions: DevicePrediction[];
  combined?: ReturnType<DeviceModel['combined']>;
}

/** `runtime`: what must be kept, too. */
export type DeviceReply = { id: number } & (
  | { answer: DeviceAnswer; runtime: string }
  | { error: string; isMissing: boolean }
);

interface Opened {
  digest: string;
  model: DeviceModel;
  session: InferenceSession;
  size: { width: number; height: number };
}

let opened: Opened | null = null;
/** One photo at a time. */
let last: Promise<unknown> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<DeviceQuestion>) => {
  last = last.then(async () => postMessage(await replyTo(data)));
});

async function replyTo({ id, endpoint, photos }: DeviceQuestion): Promise<DeviceReply> {
  try {
    const open = await openFor(endpoint);
    if (open === null) return { id, error: '', isMissing: true };
    const predictions = [];
    for (const photo of photos) predictions.push(await answer(open, photo));
    const answered = { predictions, ...(photos.length > 1 && { combined: open.model.combined(predictions) }) };
    return { id, answer: answered, runtime };
  } catch (error) {
    return { id, error: String(error), isMissing: false };
  }
}

async function answer({ model, session, size: { width, height } }: Opened, photo: Blob): Promise<DevicePrediction> {
  const { pixels, quality } = model.inputOf(await pixelsOf(photo));
  const outputs = await session.run({ pixels: new Tensor('uint8', pixels, [1, height, width, 3]) }, [
    'probabilities',
    'embedding',
  ]);
  const numbers = (name: string) => outputs[name]!.data as Float32Array;
  return model.answer(numbers('probabilities'), numbers('embedding'), quality);
}

/** The model that is kept for the endpoint; opened once, and again when another version is kept. */
async function openFor(endpoint: string): Promise<Opened | null> {
  const of = await keptModel(endpoint);
  if (of === null) return null;
  const digest = JSON.stringify(of);
  if (opened?.digest === digest) return opened;
  await opened?.session.release();
  opened = null;
  const { model: graph, rows, detector } = of.files;
  const viewOf = async (file: { sha256: string } | null) => file && new DataView(await bytesOf(file.sha256));
  const model = new DeviceModel(of, { rows: await viewOf(rows), detector: await viewOf(detector) });
  env.wasm.numThreads = 1;
  env.logLevel = 'error';
  env.wasm.wasmBinary ??= await ((await caches.match(runtime)) ?? (await fetch(runtime))).arrayBuffer();
  const session = await InferenceSession.create(await bytesOf(graph.sha256), { executionProviders: ['wasm'] });
  opened = { digest, model, session, size: of.signature.preprocess };
  return opened;
}
