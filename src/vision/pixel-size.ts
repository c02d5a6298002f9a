import type { ImageFormat } from '../contracts/artifacts/example.ts';
import { jpegSize } from './jpeg/frame.ts';

/** 50 megapixels: above the full resolution of today's phones, 150 MB decoded. */
export const pixelLimit = 50_000_000;

interface Size {
  width: number;
  height: number;
}

/** Pixels as the header says, as stored; nothing is decoded. Null = the header does not say. */
export function pixelSize(bytes: Uint8Array, format: ImageFormat): Size | null {
  if (format === 'jpeg') return jpegSize(bytes);
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return format === 'png' ? pngSize(view) : webpSize(view);
}

/** IHDR is the first chunk. */
function pngSize(bytes: Buffer): Size | null {
  if (bytes.length < 24 || bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** Of the first chunk: lossy (RFC 6386, 9.1), lossless (RFC 9649, 3.4) or extended (2.7.1). */
function webpSize(bytes: Buffer): Size | null {
  if (bytes.length < 30) return null;
  const kind = bytes.toString('latin1', 12, 16);
  if (kind === 'VP8 ') return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (kind === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (kind !== 'VP8L') return null;
  const packed = bytes.readUInt32LE(21);
  return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
}
