import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { currentResampler, type Preprocess } from '../src/contracts/artifacts/signature.ts';
import { encodeJpeg } from '../src/vision/encode.ts';
import { preparePhoto } from '../src/vision/prepare-photo.ts';
import { drawLeaf } from '../src/vision/sample/index.ts';
import type { Bench } from './figure.ts';
import { photoFiles } from './photo-files.ts';

const model: Preprocess = { width: 224, height: 224, fit: 'fill', kernel: 'cubic', resampler: currentResampler };
const { resampler: _, ...before } = model;
const rounds = 7;

/** What an inference process does with the bytes of a photo before the model runs. */
export const bench: Bench = {
  name: 'decode',
  about:
    'CPU time of one photo from bytes to model input (224 px) and properties, one thread, median of 7 rounds in turns. The ceiling is the bare decode',
  async run({ data, scratch }) {
    const small = await Promise.all((await photoFiles(data, scratch)).slice(0, 60).map((file) => readFile(file)));
    const large = [await twelveMegapixels()];
    const decode = (bytes: Uint8Array) => sharp(bytes, { failOn: 'warning', pages: 1 }).raw().toBuffer();
    const now = (bytes: Uint8Array) => preparePhoto(bytes, model);
    const old = (bytes: Uint8Array) => preparePhoto(bytes, before);
    const [smallDecode, smallNow, smallOld] = await inTurns(small, 120, [decode, now, old]);
    const [largeDecode, largeNow, largeOld] = await inTurns(large, 4, [decode, now, old]);
    return [
      figure('256-px JPEG', smallNow!, 2.6, smallDecode!, smallOld!),
      figure('12-megapixel JPEG', largeNow!, 30, largeDecode!, largeOld!),
    ];
  },
};

function figure(what: string, got: number, most: number, ceiling: number, old: number) {
  return {
    what: `decode, resample and measure a ${what}`,
    got: `${got.toFixed(1)} ms`,
    toReach: `<= ${most} ms`,
    met: got <= most,
    ceiling: `${ceiling.toFixed(1)} ms`,
    note: `for a model from before the resampler, by libvips: ${old.toFixed(1)} ms`,
  };
}

/** A leaf with a sensor's noise, as large in bytes as a phone's photo. */
async function twelveMegapixels(): Promise<Buffer> {
  const leaf = await encodeJpeg(drawLeaf({ seed: 'decode', size: 512 }).pixels, 512, 512);
  const noise = { type: 'gaussian', mean: 128, sigma: 12 } as const;
  const grain = { create: { width: 4000, height: 3000, channels: 3 as const, background: '#000', noise } };
  const photo = sharp(leaf)
    .resize(4000, 3000, { fit: 'fill' })
    .composite([{ input: grain, blend: 'soft-light' }]);
  return await photo.jpeg({ quality: 88 }).toBuffer();
}

/** CPU milliseconds per photo of each way. */
async function inTurns(photos: Uint8Array[], count: number, ways: ((bytes: Uint8Array) => Promise<unknown>)[]) {
  const times: number[][] = ways.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, way] of ways.entries()) {
      const start = process.cpuUsage();
      for (let n = 0; n < count; n++) await way(photos[n % photos.length]!);
      const { user, system } = process.cpuUsage(start);
      // The first round warms up.
      if (round > 0) times[i]!.push((user + system) / 1000 / count);
    }
  }
  return times.map((each) => each.sort((a, b) => a - b)[each.length >> 1]!);
}
