/** A marker segment of a JPEG (ITU T.81 annex B). */
export interface Segment {
  /** Second byte of the marker: 0xda is SOS. */
  marker: number;
  /** Offset of the marker. */
  start: number;
  /** After marker, length and parameters. */
  end: number;
  /** Of SOS: after its entropy-coded data. Of the others: `end`. */
  dataEnd: number;
}

export const sos = 0xda;
export const eoi = 0xd9;
export const dht = 0xc4;
export const dri = 0xdd;

/** SOF0 to SOF15: their range also holds DHT, JPG and DAC. */
export const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![dht, 0xc8, 0xcc].includes(marker);
export const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7;
/** Markers without a length: TEM, RST0..7, SOI. */
const isBare = (marker: number) => marker === 0x01 || isRestart(marker) || marker === 0xd8;

/**
 * The segments in their order, up to EOI, which is the last one of a whole file. Ends without it when the file does, or when a length is
 * impossible. Bytes between segments are passed over, as decoders do.
 */
export function* segments(bytes: Uint8Array): Generator<Segment> {
  let start = bytes.indexOf(0xff, 2);
  while (start >= 0 && start + 2 <= bytes.length) {
    const marker = bytes[start + 1]!;
    let dataEnd = start + 1;
    if (marker === eoi) return yield { marker, start, end: start + 2, dataEnd: start + 2 };
    if (isBare(marker)) dataEnd = start + 2;
    else if (marker !== 0 && marker !== 0xff) {
      if (start + 4 > bytes.length) return;
      const end = start + 2 + word(bytes, start + 2);
      if (end > bytes.length || end < start + 4) return;
      dataEnd = marker === sos ? afterScan(bytes, end) : end;
      yield { marker, start, end, dataEnd };
    }
    start = bytes.indexOf(0xff, dataEnd);
  }
}

export const word = (bytes: Uint8Array, at: number) => (bytes[at]! << 8) | bytes[at + 1]!;

/** First byte after entropy-coded data, in which 0xff is followed by 0, a fill byte or a restart marker. */
function afterScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]!;
    if (next !== 0 && next !== 0xff && !isRestart(next)) return at;
  }
  return bytes.length;
}
