import { globSync, readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { hammingDistance } from '../../tests/support/hamming-distance.ts';
import { hasRealData, realData } from '../../tests/support/real-data.ts';
import { imagePropertiesSchema } from '../contracts/artifacts/example.ts';
import { encodeJpeg } from './encode.ts';
import { inspectImage } from './inspect.ts';
import { drawLeaf } from './sample/draw-leaf.ts';

const leaf = (seed: number, size = 256) => encodeJpeg(drawLeaf({ seed, size }).pixels, size, size);

/** Four flat quarters: red, green / blue, white. */
async function quarters(width: number, height: number): Promise<Buffer> {
  const part = (background: string, left: number, top: number) => ({
    input: { create: { width: width / 2, height: height / 2, channels: 3 as const, background } },
    left,
    top,
  });
  return await sharp({ create: { width, height, channels: 3, background: '#fff' } })
    .composite([part('#f00', 0, 0), part('#0f0', width / 2, 0), part('#00f', 0, height / 2)])
    .png()
    .toBuffer();
}

describe('inspectImage', () => {
  it('measures what it says it measures', async () => {
    const { properties, width, height, format, border, phash } = await inspectImage(await quarters(64, 32));
    expect({ width, height, format }).toEqual({ width: 64, height: 32, format: 'png' });
    expect(properties).toMatchObject({ width: 64, height: 32, aspect: 2, red: 0.5, green: 0.5, blue: 0.5 });
    const lumas = [0.299, 0.587, 0.114, 1];
    expect(properties.brightness).toBeCloseTo(0.5, 5);
    expect(properties.contrast).toBeCloseTo(Math.sqrt(lumas.reduce((sum, v) => sum + (v - 0.5) ** 2, 0) / 4), 5);
    const [red, green, blue, white] = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 255],
    ] as const;
    expect(border).toEqual([red, green, green, white, white, white, blue, blue].flat());
    // One step up in the middle of each row: column 4 of 9 holds it, so bits 3 and 4 are set.
    expect(phash).toBe('18'.repeat(8));
  });

  it('takes the variance of the 4-neighbour Laplacian', async () => {
    const checks = Buffer.from(Array.from({ length: 64 }, (_, i) => (((i >> 3) + i) % 2 ? 255 : 0)));
    const bytes = await sharp(checks, { raw: { width: 8, height: 8, channels: 1 } })
      .png()
      .toBuffer();
    expect((await inspectImage(bytes)).properties.sharpness).toBeCloseTo(1020 ** 2, -1);
  });

  it('gives the upright size of a turned photo, and the same hash as the turned pixels', async () => {
    const upright = await leaf(1);
    const wide = await sharp(upright).resize(200, 100, { fit: 'fill' }).png().toBuffer();
    const turned = await sharp(wide).rotate(270).withMetadata({ orientation: 6 }).png().toBuffer();
    const [a, b] = [await inspectImage(wide), await inspectImage(turned)];
    expect(b).toEqual(a);
    expect(b.properties.aspect).toBe(2);
  });

  it('recognises a photo that was scaled and saved again', async () => {
    const bytes = await leaf(2);
    const again = await sharp(bytes).resize(1024, 1024).jpeg({ quality: 70 }).toBuffer();
    const other = await inspectImage(await leaf(3));
    const { phash } = await inspectImage(bytes);
    expect(hammingDistance(phash, (await inspectImage(again)).phash)).toBeLessThanOrEqual(3);
    expect(hammingDistance(phash, other.phash)).toBeGreaterThan(6);
  });

  it('hashes a flat picture to nothing, of any size', async () => {
    for (const [width, height] of [
      [1, 1],
      [7, 300],
      [3000, 2],
    ] as const) {
      const bytes = await sharp({ create: { width, height, channels: 3, background: '#7a3' } })
        .png()
        .toBuffer();
      const { phash, properties } = await inspectImage(bytes);
      expect(phash).toBe('0'.repeat(16));
      expect(properties).toMatchObject({ contrast: 0, sharpness: 0 });
    }
  });

  it('finds a file that ends early, in every format', async () => {
    const image = sharp(await leaf(4));
    const files = {
      jpeg: await image.clone().jpeg().toBuffer(),
      progressive: await image.clone().jpeg({ progressive: true }).toBuffer(),
      large: await image.clone().resize(2000, 2000).jpeg().toBuffer(),
      png: await image.clone().png().toBuffer(),
      interlaced: await image.clone().png({ progressive: true }).toBuffer(),
      webp: await image.clone().webp().toBuffer(),
      lossless: await image.clone().webp({ lossless: true }).toBuffer(),
    };
    for (const bytes of Object.values(files)) {
      for (const share of [0.03, 0.5, 0.97]) {
        const cut = bytes.subarray(0, Math.floor(bytes.length * share));
        await expect(inspectImage(cut)).rejects.toMatchObject({ code: 'IMAGE_TRUNCATED' });
      }
    }
  });

  it('tells damage from a missing end', async () => {
    const bytes = await sharp(await leaf(5))
      .png()
      .toBuffer();
    bytes.fill(0x5a, bytes.length >> 1, (bytes.length >> 1) + 40);
    await expect(inspectImage(bytes)).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
    const header = Buffer.concat([(await leaf(5)).subarray(0, 4), Buffer.alloc(3000, 0x11)]);
    await expect(inspectImage(header)).rejects.toMatchObject({
      code: expect.stringMatching(/^IMAGE_(CORRUPT|TRUNCATED)$/),
    });
  });

  it('refuses more than 50 megapixels from the header alone', async () => {
    const bomb = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#000' } })
      .png()
      .toBuffer();
    bomb.writeUInt32BE(10_000, 16);
    bomb.writeUInt32BE(5_001, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    await expect(inspectImage(bomb)).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      details: { width: 10000, height: 5001, limitMegapixels: 50 },
    });
    // The pixels are gone: only the header can have been read.
    await expect(inspectImage(bomb.subarray(0, 80))).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });
});

if (hasRealData)
  it('inspectImage reads each real photo, and tells twins of one photo from strangers', async () => {
    const files = globSync('plantvillage/*/*', { cwd: realData })
      .sort()
      .filter((_, i) => i % 60 === 0);
    const found = await Promise.all(files.map((file) => inspectImage(readFileSync(new URL(file, realData)))));
    for (const { properties, border } of found) {
      imagePropertiesSchema.parse(properties);
      expect(border).toHaveLength(24);
    }
    const distances = found.slice(1).map(({ phash }) => hammingDistance(phash, found[0]!.phash));
    expect(Math.min(...distances)).toBeGreaterThan(3);
  });
