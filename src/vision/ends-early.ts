import type { ImageFormat } from '../contracts/artifacts/example.ts';
import { entropyState } from './jpeg/entropy.ts';
import { hasAllScans } from './jpeg/has-all-scans.ts';
import { eoi, isFrame, segments, sos } from './jpeg/segments.ts';
import { pngChunks } from './metadata/png-chunks.ts';
import { webpChunks, webpEnd } from './metadata/webp-chunks.ts';

/**
 * Decided from the container's structure: damaged and truncated files can have the same decoder message, and libvips has one message buffer
 * per process, so that a photo may get the message of another.
 */
export function endsEarly(bytes: Uint8Array, format: ImageFormat): boolean {
  return earlyEnds[format](bytes);
}

const earlyEnds: Record<ImageFormat, (bytes: Uint8Array) => boolean> = {
  jpeg: (bytes) =>
    (!endsWithMarker(bytes) && !hasEnd(segments(bytes))) || !hasAllScans(bytes) || entropyState(bytes) === 'cut',
  png(bytes) {
    for (const { type } of pngChunks(bytes)) if (type === 'IEND') return false;
    return true;
  },
  webp: (bytes) => webpEnd(bytes) > bytes.length || hasEmptyTail(bytes, 'webp'),
};

/** A damaged file on which the walk over its segments fails still ends with it. */
const endsWithMarker = (bytes: Uint8Array) => bytes.at(-2) === 0xff && bytes.at(-1) === eoi;

function hasEnd(all: Iterable<{ marker: number }>): boolean {
  for (const { marker } of all) if (marker === eoi) return true;
  return false;
}

/** More zeros in a row than coded pictures have, flat ones excepted. */
const suspiciousZeros = Buffer.alloc(32);

/**
 * Whether a file that decodes without an error lacks its last part: zeros, or an end marker too early, took its place. A flat JPEG, which may
 * consist of zeros, is read code by code. 0.03 ms for 10 KB.
 */
export function hasEmptyTail(bytes: Uint8Array, format: ImageFormat): boolean {
  if (format === 'png') return false;
  if (format === 'webp') {
    for (const { type, data } of webpChunks(bytes)) {
      const tail = data.subarray(-suspiciousZeros.length);
      if (type.startsWith('VP8') && tail.length === suspiciousZeros.length && tail.every((byte) => byte === 0))
        return true;
    }
    return false;
  }
  if (!hasAllScans(bytes)) return true;
  // A progressive picture is read to its end by the decoder, which warns of bytes that are left.
  let isProgressive = false;
  for (const { marker, end, dataEnd } of segments(bytes)) {
    if (isFrame(marker)) isProgressive = marker === 0xc2;
    if (marker !== sos || isProgressive) continue;
    const data = Buffer.from(bytes.buffer, bytes.byteOffset + end, dataEnd - end);
    if (data.includes(suspiciousZeros)) return entropyState(bytes) === 'cut';
  }
  return false;
}
