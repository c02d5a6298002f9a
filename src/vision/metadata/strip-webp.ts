import { orientationOf, orientationOnly } from './orientation.ts';
import { exifFlag, webpChunks, webpEnd, xmpFlag } from './webp-chunks.ts';

/** Picture, transparency, animation and colours (RFC 9649). */
const keptChunks = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);

/** Parts of the file without EXIF, XMP and unknown chunks, and data after its end. Null when the file or a chunk ends early. */
export function stripWebp(bytes: Uint8Array): Uint8Array[] | null {
  const end = webpEnd(bytes);
  if (end > bytes.length) return null;
  const orientation = orientationOf(bytes, 'webp');
  const kept: Buffer[] = [];
  let read = 12;
  for (const { type, whole } of webpChunks(bytes)) {
    read += whole.length;
    if (!keptChunks.has(type)) continue;
    const part = padded(Buffer.from(whole));
    if (type === 'VP8X') part[8] = (part[8]! & ~(exifFlag | xmpFlag)) | (orientation === 1 ? 0 : exifFlag);
    kept.push(part);
  }
  if (read + 8 <= end) return null;
  if (orientation !== 1) kept.push(chunk('EXIF', orientationOnly(orientation)));
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(4 + kept.reduce((sum, part) => sum + part.length, 0), 4);
  return [head, ...kept];
}

function chunk(type: string, data: Uint8Array): Buffer {
  const head = Buffer.from(`${type}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return padded(Buffer.concat([head, data]));
}

function padded(bytes: Buffer): Buffer {
  return bytes.length & 1 ? Buffer.concat([bytes, Buffer.alloc(1)]) : bytes;
}
