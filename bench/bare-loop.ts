import { readFile } from 'node:fs/promises';
import { Tensor } from 'onnxruntime-node';
import { composeEmbedder } from '../src/backbones/compose.ts';
import { loadBackbone } from '../src/backbones/load-backbone.ts';
import { createSession } from '../src/onnx/session.ts';
import { toPixels } from '../src/vision/pixels.ts';

/** The upper bound: one process infers photo after photo, decoding the next one while the model runs. No queue, no results sent. */
process.once('message', async (files: [string, ...string[]]) => {
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
    for (const file of files.slice(1)) {
      const pixels = await next;
      next = decode(file);
      await infer(pixels);
    }
    await infer(await next);
    process.send?.('done', () => process.exit(0));
  });
});
