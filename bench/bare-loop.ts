import { readFile } from 'node:fs/promises';
import { Tensor } from 'onnxruntime-node';
import { composeEmbedder } from '../src/backbones/compose.ts';
import { loadBackbone } from '../src/backbones/load-backbone.ts';
import { createSession } from '../src/onnx/session.ts';
import { toPixels } from '../src/vision/pixels.ts';

/**
 * The ceiling: one process that reads, decodes and infers one photo after the other, the next one being read and decoded while the model
 * runs. No queue, no answers sent anywhere.
 */
process.once('message', async (files: string[]) => {
  const backbone = await loadBackbone('mobilenet-v2');
  const session = await createSession(composeEmbedder(backbone));
  const { width, height } = backbone.preprocess;
  const decode = async (file: string) => toPixels(await readFile(file), backbone.preprocess);
  const infer = (pixels: Uint8Array) =>
    session.run({ pixels: new Tensor('uint8', pixels, [1, height, width, 3]) }, ['embedding']);
  await infer(await decode(files[0]));
  process.send?.('ready');
  process.once('message', async () => {
    let next = decode(files[0]);
    for (let i = 0; i < files.length; i++) {
      const pixels = await next;
      if (i + 1 < files.length) next = decode(files[i + 1]);
      await infer(pixels);
    }
    process.send?.('done', () => process.exit(0));
  });
});
