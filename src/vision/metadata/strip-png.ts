import { crc32 } from 'node:zlib';
import { orientationOnly, readOrientation } from './orientation.ts';

/** Picture, transparency and colours (PNG, third edition). Later frames are not checked, so they are not kept. */
const keptChunks = new Set([
  'IHDR',
  'PLTE',
  'IDAT',
  'IEND',
  'tRNS',
  'pHYs',
  'cHRM',
  'gAMA',
  'iCCP',
  'sBIT',
  'sRGB',
  'cICP',
  'mDCV',
  'cLLI',
]);
const signatureBytes = 8;

/** Parts of the file without text, time, EXIF and unknown chunks, and data after its end. Null when the chunks cannot be parsed. */
export function stripPng(bytes: Uint8Array): Uint8Array[] | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array[] = [buffer.subarray(0, signatureBytes)];
  let orientation = 1;
  for (let at = signatureBytes; at + 12 <= buffer.length; ) {
    const end = at + 12 + buffer.readUInt32BE(at);
    if (end > buffer.length) return null;
    const type = buffer.toString('latin1', at + 4, at + 8);
    if (type === 'eXIf') orientation = readOrientation(buffer.subarray(at + 8, end - 4));
    if (keptChunks.has(type)) kept.push(buffer.subarray(at, end));
    if (type === 'IEND') return withOrientation(kept, orientation);
    at = end;
  }
  return null;
}

/** After signature and IHDR: partial readers look before the picture only. */
function withOrientation([signature, header, ...rest]: Uint8Array[], orientation: number): Uint8Array[] {
  const exif = orientation === 1 ? [] : [chunk('eXIf', orientationOnly(orientation))];
  return [signature!, header!, ...exif, ...rest];
}

function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(type, 'latin1'), data, Buffer.alloc(4)]);
  bytes.writeUInt32BE(data.length, 0);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
}
