import type { ImageFormat } from '../../contracts/artifacts/example.ts';
import { segments } from '../jpeg/segments.ts';
import { pngChunks } from './png-chunks.ts';
import { exifFlag, webpChunks } from './webp-chunks.ts';

/**
 * EXIF orientation, 1 (upright) to 8, for the decoder and for the copy that is kept. The first EXIF block counts, wherever it stands; in a
 * WebP only if the header announces one.
 */
export function orientationOf(bytes: Uint8Array, format: ImageFormat): number {
  const tiff = exifBlocks[format](bytes);
  return tiff ? readOrientation(tiff) : 1;
}

const exifBlocks: Record<ImageFormat, (bytes: Uint8Array) => Uint8Array | null> = {
  jpeg(bytes) {
    for (const { marker, start, end } of segments(bytes)) {
      // After the first scan has begun, no decoder looks for it.
      if (marker === 0xda) return null;
      const payload = bytes.subarray(start + 4, end);
      if (marker === 0xe1 && hasPrefix(payload)) return payload.subarray(prefix.length);
    }
    return null;
  },
  png(bytes) {
    for (const { type, data } of pngChunks(bytes)) if (type === 'eXIf') return withoutPrefix(data);
    return null;
  },
  webp(bytes) {
    let announced = false;
    for (const { type, data } of webpChunks(bytes)) {
      if (type === 'VP8X') announced = (data[0]! & exifFlag) !== 0;
      if (type === 'EXIF' && announced) return withoutPrefix(data);
    }
    return null;
  },
};

const prefix = [...'Exif\0\0'].map((letter) => letter.charCodeAt(0));
const hasPrefix = (block: Uint8Array) => prefix.every((code, i) => block[i] === code);
/** JPEG's prefix, which some writers also put into PNG and WebP. */
const withoutPrefix = (block: Uint8Array) => (hasPrefix(block) ? block.subarray(prefix.length) : block);

const orientationTag = 0x0112;
/** Bytes of one value, by TIFF field type: (signed) BYTE, SHORT and LONG. */
const integerSizes: Record<number, number> = { 1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4 };

function readOrientation(tiff: Uint8Array): number {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (view.byteLength < 8) return 1;
  const little = view.getUint16(0) === 0x4949;
  if (!little && view.getUint16(0) !== 0x4d4d) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return 1;
  const fields = view.getUint16(directory, little);
  for (let field = 0, at = directory + 2; field < fields && at + 12 <= view.byteLength; field++, at += 12) {
    if (view.getUint16(at, little) !== orientationTag) continue;
    const value = firstInteger(view, at, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Of a directory entry: type, count, then the values, or their offset when they take more than four bytes. 0 = no integer. */
function firstInteger(view: DataView, entry: number, little: boolean): number {
  const size = integerSizes[view.getUint16(entry + 2, little)] ?? 0;
  const count = view.getUint32(entry + 4, little);
  const at = size * count > 4 ? view.getUint32(entry + 8, little) : entry + 8;
  if (size === 0 || count === 0 || at + size > view.byteLength) return 0;
  if (size === 1) return view.getUint8(at);
  return size === 2 ? view.getUint16(at, little) : view.getUint32(at, little);
}

/** A TIFF block with the orientation only, 26 bytes. */
export function orientationOnly(orientation: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint16(0, 0x4d4d);
  view.setUint16(2, 42);
  view.setUint32(4, 8);
  view.setUint16(8, 1);
  view.setUint16(10, orientationTag);
  view.setUint16(12, 3);
  view.setUint32(14, 1);
  view.setUint16(18, orientation);
  return new Uint8Array(view.buffer);
}
