import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImageFormat } from '../../contracts/artifacts/example.ts';
import { inspectImage } from '../inspect.ts';
import { toPixels } from '../pixels.ts';
import { stripMetadata } from '../strip-metadata.ts';
import { orientationOf } from './orientation.ts';

const [byte, short, long, signedLong, text] = [1, 3, 4, 9, 2];
type Field = { type?: number; count?: number; order?: 'MM' | 'II' };

/** A TIFF block whose only field is the orientation. */
function tiff(value: number, { type = short, count = 1, order = 'MM' }: Field = {}): Buffer {
  const little = order === 'II';
  const view = new DataView(new ArrayBuffer(34));
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, 1, little);
  view.setUint16(10, 0x0112, little);
  view.setUint16(12, type, little);
  view.setUint32(14, count, little);
  const size = { [byte]: 1, [text]: 1, [short]: 2 }[type] ?? 4;
  const at = size * count > 4 ? 26 : 18;
  if (at === 26) view.setUint32(18, at, little);
  if (size === 1) view.setUint8(at, value);
  else if (size === 2) view.setUint16(at, value, little);
  else view.setUint32(at, value, little);
  return Buffer.from(view.buffer);
}

const picture = sharp(Buffer.from(Array.from({ length: 40 * 24 * 3 }, (_, i) => (i * 7 + (i >> 5)) & 255)), {
  raw: { width: 40, height: 24, channels: 3 },
});
const [jpeg, png, webp] = await Promise.all([
  picture.clone().jpeg().toBuffer(),
  picture.clone().png().toBuffer(),
  // A profile makes the extended form of a WebP.
  picture.clone().withIccProfile('p3').webp().toBuffer(),
]);

const exifPrefix = Buffer.from('Exif\0\0', 'latin1');
function app1(payload: Buffer): Buffer {
  const head = Buffer.of(0xff, 0xe1, 0, 0);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([head, payload]);
}
const exif = (value: number, field?: Field) => app1(Buffer.concat([exifPrefix, tiff(value, field)]));
const inJpeg = (...parts: Buffer[]) => Buffer.concat([jpeg.subarray(0, 2), ...parts, jpeg.subarray(2)]);

function pngChunk(data: Buffer): Buffer {
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from('eXIf'), data, Buffer.alloc(4)]);
  chunk.writeUInt32BE(data.length, 0);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  return chunk;
}
const afterHeader = 33;
const beforePicture = (data: Buffer) =>
  Buffer.concat([png.subarray(0, afterHeader), pngChunk(data), png.subarray(afterHeader)]);
const afterPicture = (...data: Buffer[]) =>
  Buffer.concat([png.subarray(0, -12), ...data.map(pngChunk), png.subarray(-12)]);

function inWebp(data: Buffer, flag: boolean): Buffer {
  const head = Buffer.from('EXIF\0\0\0\0', 'latin1');
  head.writeUInt32LE(data.length, 4);
  const bytes = Buffer.concat([webp, head, data]);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  if (flag) bytes[20]! |= 8;
  return bytes;
}
async function simpleWebp(data: Buffer): Promise<Buffer> {
  const bytes = Buffer.concat([await picture.clone().webp().toBuffer(), Buffer.from('EXIF\x22\0\0\0', 'latin1'), data]);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  return bytes;
}

const photos: [what: string, format: ImageFormat, bytes: Buffer, orientation: number][] = [
  ['SHORT', 'jpeg', inJpeg(exif(6)), 6],
  ['LONG', 'jpeg', inJpeg(exif(6, { type: long })), 6],
  ['LONG, little-endian', 'jpeg', inJpeg(exif(8, { type: long, order: 'II' })), 8],
  ['BYTE', 'jpeg', inJpeg(exif(6, { type: byte })), 6],
  ['BYTE, little-endian', 'jpeg', inJpeg(exif(3, { type: byte, order: 'II' })), 3],
  ['signed LONG', 'jpeg', inJpeg(exif(5, { type: signedLong })), 5],
  ['three SHORTs elsewhere', 'jpeg', inJpeg(exif(6, { count: 3 })), 6],
  ['two EXIF segments, 6 then 1', 'jpeg', inJpeg(exif(6), exif(1)), 6],
  ['two EXIF segments, 1 then 6', 'jpeg', inJpeg(exif(1), exif(6)), 1],
  ['EXIF behind XMP', 'jpeg', inJpeg(app1(Buffer.from('http://ns.adobe.com/xap/1.0/\0<x/>')), exif(7)), 7],
  ['a number outside 1 to 8', 'jpeg', inJpeg(exif(9)), 1],
  ['text', 'jpeg', inJpeg(exif(0x36, { type: text })), 1],
  ['EXIF before the picture', 'png', beforePicture(tiff(6)), 6],
  ['EXIF after the picture', 'png', afterPicture(tiff(6)), 6],
  ['LONG after the picture', 'png', afterPicture(tiff(8, { type: long, order: 'II' })), 8],
  ["JPEG's prefix, after the picture", 'png', afterPicture(Buffer.concat([exifPrefix, tiff(5)])), 5],
  ['two chunks, 6 then 3', 'png', afterPicture(tiff(6), tiff(3)), 6],
  ['EXIF with the flag', 'webp', inWebp(tiff(6), true), 6],
  ['LONG with the flag', 'webp', inWebp(tiff(6, { type: long }), true), 6],
  ["JPEG's prefix", 'webp', inWebp(Buffer.concat([exifPrefix, tiff(4)]), true), 4],
  ['EXIF without the flag', 'webp', inWebp(tiff(6), false), 1],
  ['EXIF in the simple form', 'webp', await simpleWebp(tiff(6)), 1],
];
const preprocess = { width: 64, height: 64, fit: 'fill', kernel: 'cubic' } as const;

describe('the orientation of a photo', () => {
  it.each(photos)('%s (%s): read, decoded and kept alike', async (_, format, bytes, orientation) => {
    expect(orientationOf(bytes, format)).toBe(orientation);
    const { width, height } = await inspectImage(bytes);
    expect([width, height]).toEqual(orientation > 4 ? [24, 40] : [40, 24]);
    const kept = stripMetadata(bytes, format)!;
    expect(orientationOf(kept, format)).toBe(orientation);
    expect(await toPixels(kept, preprocess)).toEqual(await toPixels(bytes, preprocess));
    // Any viewer shows the copy as it was decoded.
    const { autoOrient } = await sharp(kept).metadata();
    expect([autoOrient.width, autoOrient.height]).toEqual([width, height]);
  });
});
