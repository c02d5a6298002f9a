import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { endsEarly } from './ends-early.ts';
import { inspectImage } from './inspect.ts';

const noise = sharp({
  create: { width: 40, height: 30, channels: 3, background: '#777', noise: { type: 'gaussian', mean: 128, sigma: 40 } },
});
const encoders = {
  jpeg: () => noise.clone().jpeg(),
  'progressive jpeg': () =>
    noise
      .clone()
      .jpeg({ progressive: true })
      .withExif({ IFD0: { Copyright: 'x' } }),
  png: () => noise.clone().png(),
  webp: () => noise.clone().webp(),
};

it.each(
  Object.entries(encoders),
)('tells a whole %s from one that is cut anywhere, without asking a decoder', async (name, encode) => {
  const bytes = new Uint8Array(await encode().toBuffer());
  const format = name.replace('progressive ', '') as 'jpeg' | 'png' | 'webp';
  expect(endsEarly(bytes, format)).toBe(false);
  for (let length = 12; length < bytes.length - 1; length += 7)
    expect(endsEarly(bytes.subarray(0, length), format), String(length)).toBe(true);
});

it('calls a jpeg whole when something follows its end, or a length inside is wrong', async () => {
  const bytes = new Uint8Array(await encoders.jpeg().toBuffer());
  expect(endsEarly(new Uint8Array([...bytes, 1, 2, 3]), 'jpeg')).toBe(false);
  expect(endsEarly(bytes.slice().fill(0xff, 100, bytes.length - 100), 'jpeg')).toBe(false);
});

const photo = sharp(
  Buffer.from(Array.from({ length: 200 * 150 * 3 }, (_, i) => (128 + 90 * Math.sin(i / 97) + ((i * 7919) % 31)) & 255)),
  { raw: { width: 200, height: 150, channels: 3 } },
);
const eoi = Buffer.of(0xff, 0xd9);
const jpegs: Record<string, () => Sharp> = {
  baseline: () => photo.clone().jpeg(),
  'baseline, standard Huffman tables': () => photo.clone().jpeg({ optimiseCoding: false }),
  'without chroma subsampling': () => photo.clone().jpeg({ chromaSubsampling: '4:4:4' }),
  grey: () => photo.clone().greyscale().jpeg(),
  CMYK: () => photo.clone().toColourspace('cmyk').jpeg(),
  progressive: () => photo.clone().jpeg({ progressive: true }),
  'progressive, grey': () => photo.clone().greyscale().jpeg({ progressive: true }),
  'progressive, optimised scans': () => photo.clone().jpeg({ mozjpeg: true }),
};

describe.each(Object.entries(jpegs))('a JPEG (%s)', (_, encode) => {
  it('is taken when it is whole, also with bytes after its data or its end', async () => {
    const bytes = await encode().toBuffer();
    const plain = await inspectImage(bytes);
    expect(await inspectImage(Buffer.concat([bytes, Buffer.alloc(5000)]))).toEqual(plain);
    const padded = Buffer.concat([bytes.subarray(0, -2), Buffer.alloc(300), eoi]);
    expect(await inspectImage(padded)).toEqual(plain);
  });

  it.each([0.35, 0.5, 0.8, 0.9])('is refused when only %f of it came, whatever closes it', async (share) => {
    const bytes = await encode().toBuffer();
    const cut = bytes.subarray(0, Math.floor(share * bytes.length));
    const rest = Buffer.alloc(bytes.length - cut.length - 2);
    const tails = { nothing: [], 'an end marker': [eoi], zeros: [rest], 'zeros and an end marker': [rest, eoi] };
    for (const [closedBy, tail] of Object.entries(tails)) {
      await expect(inspectImage(Buffer.concat([cut, ...tail])), closedBy).rejects.toMatchObject({
        code: 'IMAGE_TRUNCATED',
      });
    }
  });
});

it('refuses a progressive JPEG that lacks its last scans', async () => {
  const bytes = await jpegs.progressive!().toBuffer();
  const scans = [];
  for (let at = bytes.indexOf('ffda', 0, 'hex'); at >= 0; at = bytes.indexOf('ffda', at + 1, 'hex')) scans.push(at);
  expect(scans.length).toBeGreaterThan(5);
  for (const at of scans.slice(1)) {
    // A table of the next scan may stand before it.
    const cut = Buffer.concat([bytes.subarray(0, at), eoi]);
    await expect(inspectImage(cut), String(at)).rejects.toMatchObject({ code: 'IMAGE_TRUNCATED' });
  }
});

it("takes a JPEG with a Samsung camera's SOS parameters, and refuses it when it is cut", async () => {
  const bytes = await jpegs.baseline!().toBuffer();
  const plain = await inspectImage(bytes);
  const scan = bytes.indexOf('ffda', 0, 'hex');
  const parameters = scan + 5 + 2 * bytes[scan + 4]!;
  const odd = Buffer.from(bytes);
  odd.set([0, 0, 0], parameters);
  await expect(sharp(odd, { failOn: 'warning' }).raw().toBuffer()).rejects.toThrow(/SOS parameters/);
  expect(await inspectImage(odd)).toEqual(plain);
  const cut = Buffer.concat([odd.subarray(0, odd.length >> 1), eoi]);
  await expect(inspectImage(cut)).rejects.toMatchObject({ code: 'IMAGE_TRUNCATED' });
});

it('takes a flat JPEG, whose data are zeros', async () => {
  for (const progressive of [false, true]) {
    const flat = await sharp({ create: { width: 1500, height: 900, channels: 3, background: '#fff' } })
      .jpeg({ progressive })
      .toBuffer();
    if (!progressive) expect(flat.includes(Buffer.alloc(64))).toBe(true);
    expect(await inspectImage(flat)).toMatchObject({ width: 1500, height: 900 });
  }
});

it.each(['lossy', 'lossless'])('refuses a %s WebP that is filled up with zeros', async (kind) => {
  const bytes = await photo
    .clone()
    .webp({ lossless: kind === 'lossless' })
    .toBuffer();
  await inspectImage(bytes);
  for (const share of [0.3, 0.6, 0.9]) {
    const cut = Buffer.from(bytes).fill(0, Math.floor(share * bytes.length));
    await expect(inspectImage(cut)).rejects.toMatchObject({ code: 'IMAGE_TRUNCATED' });
  }
});

it('refuses a PNG with its middle missing', async () => {
  const bytes = await photo.clone().png().toBuffer();
  const cut = Buffer.concat([bytes.subarray(0, bytes.length >> 1), bytes.subarray(-12)]);
  await expect(inspectImage(cut)).rejects.toMatchObject({ code: expect.stringMatching(/^IMAGE_(TRUNCATED|CORRUPT)$/) });
});
