import { orientationOnly, readOrientation } from './orientation.ts';

const soi = 0xd8;
const eoi = 0xd9;
const sos = 0xda;
const com = 0xfe;
const isApp = (marker: number) => marker >= 0xe0 && marker <= 0xef;
/** Markers without a length: TEM, RST0..7, SOI. */
const isBare = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= soi);
const exifStart = 'Exif\0\0';

/**
 * Parts of the file (ITU T.81 annex B) without comments, data after the end of the picture, and application segments other than those for
 * colour (ICC profile, Adobe's transform, JFIF without its thumbnail). Null when the segments cannot be parsed.
 */
export function stripJpeg(bytes: Uint8Array): Uint8Array[] | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array[] = [];
  let orientation = 1;
  let at = 2;
  while (at + 2 <= buffer.length) {
    if (buffer[at] !== 0xff) return null;
    const marker = buffer[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === eoi) return [Uint8Array.of(0xff, soi), ...exif(orientation), ...kept, buffer.subarray(at, at + 2)];
    const end = isBare(marker) ? at + 2 : at + 2 + (at + 4 <= buffer.length ? buffer.readUInt16BE(at + 2) : 0);
    if (end > buffer.length || (!isBare(marker) && end < at + 4)) return null;
    const payload = buffer.subarray(at + 4, end);
    if (marker === 0xe1 && startsWith(payload, exifStart)) orientation = readOrientation(payload.subarray(6));
    const segment = isApp(marker) || marker === com ? keptSegment(marker, payload) : buffer.subarray(at, end);
    if (segment) kept.push(segment);
    at = end;
    if (marker !== sos) continue;
    const next = afterScan(buffer, end);
    kept.push(buffer.subarray(end, next));
    at = next;
  }
  return null;
}

function keptSegment(marker: number, payload: Buffer): Buffer | null {
  if (marker === 0xe0 && startsWith(payload, 'JFIF\0') && payload.length >= 14) {
    // No thumbnail: width and height 0.
    return segment(marker, Buffer.concat([payload.subarray(0, 12), Buffer.of(0, 0)]));
  }
  if (marker === 0xe2 && startsWith(payload, 'ICC_PROFILE\0')) return segment(marker, payload);
  if (marker === 0xee && startsWith(payload, 'Adobe')) return segment(marker, payload.subarray(0, 12));
  return null;
}

/** First byte after the entropy-coded data: 0xff not followed by 0 or a restart marker. */
function afterScan(buffer: Buffer, from: number): number {
  for (let at = buffer.indexOf(0xff, from); at >= 0 && at + 1 < buffer.length; at = buffer.indexOf(0xff, at + 1)) {
    const next = buffer[at + 1]!;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return buffer.length;
}

function exif(orientation: number): Buffer[] {
  if (orientation === 1) return [];
  return [segment(0xe1, Buffer.concat([Buffer.from(exifStart, 'latin1'), orientationOnly(orientation)]))];
}

function segment(marker: number, payload: Buffer): Buffer {
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([head, payload]);
}

function startsWith(payload: Buffer, text: string): boolean {
  return payload.toString('latin1', 0, text.length) === text;
}
