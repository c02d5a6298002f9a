import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { currentResampler, type Preprocess, type View } from '../contracts/artifacts/signature.ts';
import { fromRaw } from './decode.ts';
import { encodeJpeg } from './encode.ts';
import { toPixels } from './pixels.ts';
import { drawLeaf } from './sample/draw-leaf.ts';
import { applyView } from './view.ts';

const preprocess: Preprocess = { width: 64, height: 64, fit: 'fill', kernel: 'cubic', resampler: currentResampler };
const leaf = await encodeJpeg(drawLeaf({ seed: 'pixels', size: 256 }).pixels, 256, 256);
const plain = await toPixels(leaf, preprocess);

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}
const one = (background: object | string, channels: 3 | 4 = 3) =>
  sharp({ create: { width: 32, height: 32, channels, background: background as string } });

describe('toPixels', () => {
  it('gives the same pixels for the same bytes, whatever runs beside it', async () => {
    const many = await Promise.all(Array.from({ length: 12 }, () => toPixels(leaf, preprocess)));
    for (const pixels of many) expect(pixels).toEqual(plain);
    expect(plain).toHaveLength(64 * 64 * 3);
  });

  it('stretches under fill and crops the middle under cover', async () => {
    const stripes = await sharp({ create: { width: 300, height: 100, channels: 3, background: '#00f' } })
      .composite([
        { input: { create: { width: 100, height: 100, channels: 3, background: '#f00' } }, left: 100, top: 0 },
      ])
      .png()
      .toBuffer();
    const size = { width: 9, height: 9, kernel: 'linear', resampler: currentResampler } as const;
    expect([...(await toPixels(stripes, { ...size, fit: 'fill' })).subarray(0, 3)]).toEqual([0, 0, 255]);
    const cover = await toPixels(stripes, { ...size, fit: 'cover' });
    expect([...cover.subarray(12, 15)]).toEqual([255, 0, 0]);
    expect([...cover.subarray(0, 3)][0]).toBeGreaterThan(120);
  });

  it.each([
    ['larger', 256, 64],
    ['smaller', 96, 224],
    ['a little larger', 70, 64],
    ['of an odd size', 33, 50],
    ['shrunk while decoded', 1300, 64],
  ])('gives a photo that is %s than the input the same pixels under each of the eight orientations', async (_, size, side) => {
    const upright = drawLeaf({ seed: 'turned', size }).pixels;
    // How a camera stores the upright picture under orientations 1..8.
    const stored: View[] = ['plain', 'flip-h', 'rot180', 'flip-v', 'transpose', 'rot90', 'transverse', 'rot270'];
    const pixels = [];
    for (const [i, view] of stored.entries()) {
      const image = fromRaw(applyView(upright, size, size, view), { width: size, height: size, channels: 3 });
      const tagged = await image
        .withMetadata({ orientation: i + 1 })
        .png({ compressionLevel: 1 })
        .toBuffer();
      pixels.push(await toPixels(tagged, { ...preprocess, width: side, height: side }));
    }
    for (const each of pixels.slice(1)) {
      // libvips shrinks large photos before they are turned: rounding may differ there.
      if (size < 1000) expect(each).toEqual(pixels[0]);
      else expect(meanDifference(each, pixels[0]!)).toBeLessThan(0.5);
    }
  });

  it('lets models from before the resampler answer as they did', async () => {
    const { resampler: _, ...old } = preprocess;
    const turnedLeaf = await sharp(leaf).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    for (const bytes of [leaf, turnedLeaf]) {
      const expected = sharp(bytes)
        .autoOrient()
        .resize({ ...old, position: 'centre' })
        .raw()
        .toBuffer();
      expect(Buffer.from(await toPixels(bytes, old))).toEqual(await expected);
    }
  });

  it('brings 16 bit, palette, lossless and other encodings to the same 8-bit sRGB', async () => {
    const image = sharp(leaf);
    const near = async (bytes: Buffer, most: number) =>
      expect(meanDifference(await toPixels(bytes, preprocess), plain)).toBeLessThan(most);
    await near(await image.clone().png().toBuffer(), 1);
    await near(await image.clone().toColourspace('rgb16').png().toBuffer(), 1.5);
    await near(await image.clone().png({ palette: true }).toBuffer(), 4);
    await near(await image.clone().webp({ lossless: true }).toBuffer(), 1.5);
    await near(await image.clone().withIccProfile('p3').jpeg({ quality: 95 }).toBuffer(), 4);
    await near(await image.clone().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(), 16);
  });

  it('gives three equal channels for grey, 8 or 16 bit, with alpha or without', async () => {
    const files = [
      await sharp(leaf).greyscale().jpeg().toBuffer(),
      await sharp(leaf).greyscale().png().toBuffer(),
      await sharp(leaf).toColourspace('grey16').png().toBuffer(),
      await one({ r: 90, g: 90, b: 90, alpha: 1 }, 4).toColourspace('b-w').png().toBuffer(),
    ];
    for (const bytes of files) {
      const pixels = await toPixels(bytes, preprocess);
      expect(pixels).toHaveLength(64 * 64 * 3);
      for (let p = 0; p < pixels.length; p += 3)
        expect(pixels[p] === pixels[p + 1] && pixels[p] === pixels[p + 2]).toBe(true);
    }
  });

  it('lays alpha on white', async () => {
    const half = await one({ r: 255, g: 0, b: 0, alpha: 0.5 }, 4).png().toBuffer();
    const [red, green, blue] = await toPixels(half, preprocess);
    expect([red, green, blue].map((value) => Math.round(value! / 4))).toEqual([64, 32, 32]);
    const clear = await one({ r: 0, g: 0, b: 0, alpha: 0 }, 4).webp({ lossless: true }).toBuffer();
    expect(new Set(await toPixels(clear, preprocess))).toEqual(new Set([255]));
  });

  it('reads the first frame of an animated WebP', async () => {
    const frames = Buffer.concat([10, 120, 240].map((level) => Buffer.alloc(16 * 16 * 3, level)));
    const raw = { width: 16, height: 48, channels: 3 as const, pageHeight: 16 };
    const bytes = await sharp(frames, { raw })
      .webp({ lossless: true, loop: 0, delay: [50, 50, 50] })
      .toBuffer();
    expect(new Set(await toPixels(bytes, preprocess))).toEqual(new Set([10]));
  });

  it('shrinks a large photo on load to nearly what a slow resize gives', async () => {
    const big = await sharp(leaf).resize(3000, 3000).jpeg({ quality: 95 }).toBuffer();
    const exact = await sharp(big)
      .resize({ ...preprocess, fastShrinkOnLoad: false })
      .raw()
      .toBuffer();
    expect(meanDifference(await toPixels(big, preprocess), exact)).toBeLessThan(2.5);
    const turned = await sharp(big).withMetadata({ orientation: 3 }).jpeg({ quality: 95 }).toBuffer();
    const upright = await toPixels(turned, preprocess);
    const reversed = Uint8Array.from(
      { length: plain.length },
      (_, i) => plain[plain.length - 3 - (i - (i % 3)) + (i % 3)]!,
    );
    expect(meanDifference(upright, reversed)).toBeLessThan(2.5);
  });

  it('refuses a truncated file and a pixel bomb', async () => {
    await expect(toPixels(leaf.subarray(0, leaf.length >> 1), preprocess)).rejects.toMatchObject({
      code: 'IMAGE_TRUNCATED',
    });
    const bomb = await sharp({ create: { width: 51_000, height: 1000, channels: 3, background: '#000' } })
      .jpeg()
      .toBuffer();
    await expect(toPixels(bomb, preprocess)).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });
});
