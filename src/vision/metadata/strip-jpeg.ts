import { eoi, type Segment, segments, sos } from '../jpeg/segments.ts';
import { orientationOf, orientationOnly } from './orientation.ts';

const com = 0xfe;
const isApp = (marker: number) => marker >= 0xe0 && marker <= 0xef;

/**
 * Parts of the file (ITU T.81 annex B) without comments, data outside of segments or after the end of the picture, and application segments
 * other than those for colour (ICC profile, Adobe's transform, JFIF without its thumbnail). Null when the file ends early.
 */
export function stripJpeg(bytes: Uint8Array): Uint8Array[] | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array[] = [];
  for (const each of segments(buffer)) {
    if (each.marker === eoi)
      return [buffer.subarray(0, 2), ...exif(buffer), ...kept, buffer.subarray(each.start, each.end)];
    const whole = keptSegment(each, buffer);
    if (whole) kept.push(whole);
    if (each.marker === sos) kept.push(buffer.subarray(each.end, each.dataEnd));
  }
  return null;
}

function keptSegment({ marker, start, end }: Segment, buffer: Buffer): Buffer | null {
  if (!isApp(marker) && marker !== com) return buffer.subarray(start, end);
  const payload = buffer.subarray(start + 4, end);
  if (marker === 0xe0 && startsWith(payload, 'JFIF\0') && payload.length >= 14) {
    // No thumbnail: width and height 0.
    return segment(marker, Buffer.concat([payload.subarray(0, 12), Buffer.of(0, 0)]));
  }
  if (marker === 0xe2 && startsWith(payload, 'ICC_PROFILE\0')) return segment(marker, payload);
  if (marker === 0xee && startsWith(payload, 'Adobe')) return segment(marker, payload.subarray(0, 12));
  return null;
}

function exif(bytes: Uint8Array): Buffer[] {
  const orientation = orientationOf(bytes, 'jpeg');
  if (orientation === 1) return [];
  return [segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), orientationOnly(orientation)]))];
}

function segment(marker: number, payload: Buffer): Buffer {
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([head, payload]);
}

function startsWith(payload: Buffer, text: string): boolean {
  return payload.toString('latin1', 0, text.length) === text;
}
