import type { ImageFormat } from '../contracts/artifacts/example.ts';

const pngSignature = 8;
/** Length, type and CRC of a PNG chunk. */
const chunkFrame = 12;
const iend = 0x49454e44;

function pngEndsEarly(view: DataView): boolean {
  let at = pngSignature;
  while (at + 8 <= view.byteLength) {
    if (view.getUint32(at + 4) === iend) return at + chunkFrame > view.byteLength;
    at += chunkFrame + view.getUint32(at);
  }
  return true;
}

/** The RIFF header declares more bytes than there are. */
function webpEndsEarly(view: DataView): boolean {
  return view.byteLength < 8 || view.getUint32(4, true) + 8 > view.byteLength;
}

const startOfScan = 0xda;
const endOfImage = 0xd9;
/** Markers without a length. */
const standsAlone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

/** Walks segments and scans: a complete file reaches its end marker; a damaged one on which the walk fails still ends with it. */
function jpegEndsEarly(view: DataView): boolean {
  if (view.byteLength >= 2 && view.getUint16(view.byteLength - 2) === (0xff00 | endOfImage)) return false;
  let at = 2;
  while (at + 2 <= view.byteLength) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff || marker === 0xff || standsAlone(marker)) {
      at += view.getUint8(at) === 0xff && marker !== 0xff ? 2 : 1;
      continue;
    }
    if (marker === endOfImage) return false;
    if (at + 4 > view.byteLength) return true;
    at += 2 + view.getUint16(at + 2);
    if (marker === startOfScan) at = afterScan(view, at);
  }
  return true;
}

/** Offset of the next marker: inside a scan, 0xff is followed by 0 or a restart marker. */
function afterScan(view: DataView, from: number): number {
  for (let at = from; at + 2 <= view.byteLength; at++) {
    if (view.getUint8(at) !== 0xff) continue;
    const next = view.getUint8(at + 1);
    if (next !== 0 && next !== 0xff && !standsAlone(next)) return at;
  }
  return view.byteLength;
}

/**
 * Decided from the container's structure: damaged and truncated files can have the same decoder message, and libvips has one message buffer
 * per process, so that a photo may get the message of another.
 */
export function endsEarly(bytes: Uint8Array, format: ImageFormat): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (format === 'png') return pngEndsEarly(view);
  return format === 'webp' ? webpEndsEarly(view) : jpegEndsEarly(view);
}
