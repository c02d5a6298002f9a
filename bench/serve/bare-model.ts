/**
 * The ceiling: one process that decodes and infers one photo after the other with the very model that is served; no queue, no log, nothing
 * sent anywhere. `overlapped`: the next photo is decoded while the model runs, as in a saturated pool; else one after the other.
 */
import { readFile } from 'node:fs/promises';
import { Tensor } from 'onnxruntime-node';
import { readModelFile, readSignature } from '../../src/artifacts/model/model-files.ts';
import { createSession } from '../../src/onnx/session.ts';
import { toPixels } from '../../src/vision/pixels.ts';

export interface BareOrder {
  modelUri: string;
  photos: string[];
  seconds: number;
  overlapped: boolean;
}
export interface BareResult {
  photos: number;
  seconds: number;
  /** Of each photo, decode and inference; when overlapped, of what was not hidden. */
  latenciesMs: number[];
}

process.once('message', async ({ modelUri, photos, seconds, overlapped }: BareOrder) => {
  const signature = await readSignature(modelUri);
  const { width, height } = signature.preprocess;
  const session = await createSession(await readModelFile(modelUri, signature, 'model.onnx'));
  const bytes = await Promise.all(photos.map((file) => readFile(file)));
  const decode = (i: number) => toPixels(bytes[i % bytes.length] as Buffer, signature.preprocess);
  const infer = (pixels: Uint8Array) =>
    session.run({ pixels: new Tensor('uint8', pixels, [1, height, width, 3]) }, ['probabilities']);
  for (let i = 0; i < 20; i++) await infer(await decode(i));
  process.send?.('ready');
  process.once('message', async () => {
    const result: BareResult = { photos: 0, seconds: 0, latenciesMs: [] };
    const started = performance.now();
    const elapsed = () => (performance.now() - started) / 1000;
    let next: Promise<Uint8Array> | undefined;
    for (; elapsed() < seconds; result.photos++) {
      const from = performance.now();
      const pixels = await (next ?? decode(result.photos));
      next = overlapped ? decode(result.photos + 1) : undefined;
      await infer(pixels);
      result.latenciesMs.push(performance.now() - from);
    }
    result.seconds = elapsed();
    process.send?.(result, () => process.exit(0));
  });
});
