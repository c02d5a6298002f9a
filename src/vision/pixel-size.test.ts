import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { pixelSize } from './pixel-size.ts';

const picture = () => sharp({ create: { width: 301, height: 77, channels: 4, background: '#2e6b3f' } });

describe('the size in a header', () => {
  it.each([
    ['jpeg', picture().jpeg()],
    ['jpeg', picture().jpeg({ progressive: true })],
    ['png', picture().png()],
    ['webp', picture().webp({ quality: 60 })],
    ['webp', picture().webp({ lossless: true })],
    ['webp', picture().withMetadata().webp()],
  ] as const)('of %s is that of its pixels', async (format, encoder) => {
    expect(pixelSize(new Uint8Array(await encoder.toBuffer()), format)).toEqual({ width: 301, height: 77 });
  });

  it('of a file that ends in it is not known', () => {
    for (const format of ['jpeg', 'png', 'webp'] as const) expect(pixelSize(new Uint8Array(12), format)).toBeNull();
  });
});
