import sharp from 'sharp';
import { expect, it } from 'vitest';
import { endsEarly } from './ends-early.ts';

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

it('calls a jpeg whole when something follows its end, or a byte inside is wrong', async () => {
  const bytes = new Uint8Array(await encoders.jpeg().toBuffer());
  expect(endsEarly(new Uint8Array([...bytes, 1, 2, 3]), 'jpeg')).toBe(false);
  const damaged = bytes.slice();
  damaged[bytes.length >> 1]! ^= 0x10;
  expect(endsEarly(damaged, 'jpeg')).toBe(false);
  expect(endsEarly(bytes.slice().fill(0xff, 100, bytes.length - 100), 'jpeg')).toBe(false);
});
