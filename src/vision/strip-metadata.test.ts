import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImageFormat } from '../contracts/artifacts/example.ts';
import { stripMetadata } from './strip-metadata.ts';

const formats: ImageFormat[] = ['jpeg', 'png', 'webp'];

/** 40 x 24, different everywhere, with GPS, comments and a profile; EXIF orientation 6. */
async function taggedPhoto(format: ImageFormat, progressive = false): Promise<Buffer> {
  const pixels = Buffer.from(Array.from({ length: 40 * 24 * 3 }, (_, i) => (i * 7 + (i >> 5)) & 255));
  const image = sharp(pixels, { raw: { width: 40, height: 24, channels: 3 } })
    .withIccProfile('p3')
    .withExifMerge({ IFD0: { Copyright: 'SECRET-OWNER' }, IFD3: { GPSLatitude: '51/1 30/1 3230/100' } })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><secret>SECRET-XMP</secret></x:xmpmeta>')
    .withMetadata({ orientation: 6 });
  return image.toFormat(format, { progressive }).toBuffer();
}

const pixelsOf = (bytes: Uint8Array) => sharp(bytes).autoOrient().raw().toBuffer();

describe('a photo without its metadata', () => {
  it.each([
    ...formats.map((format) => [format, false] as const),
    ['jpeg', true] as const,
  ])('%s (progressive: %s) keeps picture, orientation and profile, and tells nothing else', async (format, progressive) => {
    const tagged = await taggedPhoto(format, progressive);
    const before = await sharp(tagged).metadata();
    expect([before.exif, before.icc, before.xmp].map((part) => part !== undefined)).toEqual([true, true, true]);
    const appended = Buffer.concat([tagged, Buffer.from('SECRET-VIDEO')]);
    const stripped = stripMetadata(appended, format)!;
    const after = await sharp(stripped).metadata();
    expect(after.xmp).toBeUndefined();
    expect([after.orientation, after.width, after.height]).toEqual([6, 40, 24]);
    expect(after.icc).toEqual(before.icc);
    expect(after.exif!.length).toBeLessThan(40);
    expect(Buffer.from(stripped).toString('latin1')).not.toMatch(/SECRET|GPS/);
    expect(await pixelsOf(stripped)).toEqual(await pixelsOf(tagged));
  });

  it.each(formats)('%s without any metadata stays as it is', async (format) => {
    const plain = await sharp({ create: { width: 9, height: 7, channels: 3, background: '#385' } })
      .toFormat(format)
      .toBuffer();
    expect(Buffer.from(stripMetadata(plain, format)!)).toEqual(plain);
    expect(Buffer.from(stripMetadata(stripMetadata(plain, format)!, format)!)).toEqual(plain);
  });

  it('of a JPEG has no thumbnail and no comment', async () => {
    const plain = await sharp({ create: { width: 9, height: 7, channels: 3, background: '#385' } })
      .jpeg()
      .toBuffer();
    const comment = Buffer.from([0xff, 0xfe, 0, 8, ...Buffer.from('SECRET')]);
    const thumbnail = Buffer.from([
      0xff,
      0xe0,
      0,
      19,
      ...Buffer.from('JFIF\0'),
      1,
      1,
      0,
      0,
      1,
      0,
      1,
      1,
      1,
      0xab,
      0xcd,
      0xef,
    ]);
    const commented = Buffer.concat([plain.subarray(0, 2), thumbnail, comment, plain.subarray(2)]);
    const stripped = Buffer.from(stripMetadata(commented, 'jpeg')!);
    expect(stripped.includes('SECRET')).toBe(false);
    expect(stripped.includes(Buffer.of(0xab, 0xcd, 0xef))).toBe(false);
    expect(await pixelsOf(stripped)).toEqual(await pixelsOf(plain));
  });

  it.each(formats)('%s that is cut anywhere is refused or shorter, never an exception', async (format) => {
    const tagged = await taggedPhoto(format);
    for (let length = 12; length < tagged.length; length++)
      expect(stripMetadata(tagged.subarray(0, length), format)?.length ?? 0).toBeLessThanOrEqual(length);
  });
});
