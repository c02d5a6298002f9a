import { orientationOnly, readOrientation } from './orientation.ts';

/** Picture, transparency, animation and colours (RFC 9649). */
const keptChunks = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
const exifFlag = 0x08;
const xmpFlag = 0x04;

/** Parts of the file without EXIF, XMP and unknown chunks, and data after its end. Null when the chunks cannot be parsed. */
export function stripWebp(bytes: Uint8Array): Uint8Array[] | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 8 + buffer.readUInt32LE(4);
  if (end > buffer.length) return null;
  const kept: Buffer[] = [];
  let extended: Buffer | undefined;
  let orientation = 1;
  for (let at = 12; at + 8 <= end; ) {
    const size = buffer.readUInt32LE(at + 4);
    const next = at + 8 + size + (size & 1);
    if (at + 8 + size > end) return null;
    const type = buffer.toString('latin1', at, at + 4);
    if (type === 'EXIF') orientation = readOrientation(tiffOf(buffer.subarray(at + 8, at + 8 + size)));
    if (type === 'VP8X') extended = Buffer.from(buffer.subarray(at, next));
    if (extended && type === 'VP8X') kept.push(extended);
    else if (keptChunks.has(type)) kept.push(padded(buffer.subarray(at, Math.min(next, end))));
    at = next;
  }
  if (extended) {
    extended[8]! &= ~(exifFlag | xmpFlag);
    if (orientation !== 1) extended[8]! |= exifFlag;
  }
  if (extended && orientation !== 1) kept.push(chunk('EXIF', orientationOnly(orientation)));
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(4 + kept.reduce((sum, part) => sum + part.length, 0), 4);
  return [head, ...kept];
}

/** Some writers prepend JPEG's prefix. */
function tiffOf(exif: Buffer): Buffer {
  return exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const head = Buffer.from(`${type}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return padded(Buffer.concat([head, data]));
}

function padded(bytes: Buffer): Buffer {
  return bytes.length & 1 ? Buffer.concat([bytes, Buffer.alloc(1)]) : bytes;
}
