import { crc32 } from 'node:zlib';
import { orientationOf, orientationOnly } from './orientation.ts';
import { pngChunks, pngSignatureBytes } from './png-chunks.ts';

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

/** Parts of the file without text, time, EXIF and unknown chunks, and data after its end. Null when the file ends early. */
export function stripPng(bytes: Uint8Array): Uint8Array[] | null {
  const kept: Uint8Array[] = [bytes.subarray(0, pngSignatureBytes)];
  for (const { type, whole } of pngChunks(bytes)) {
    if (keptChunks.has(type)) kept.push(whole);
    if (type === 'IEND') return withOrientation(kept, orientationOf(bytes, 'png'));
  }
  return null;
}

/** After signature and IHDR: many readers look for EXIF before the picture only. */
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
