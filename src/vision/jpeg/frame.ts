import { isFrame, type Segment, segments, word } from './segments.ts';

export interface Component {
  id: number;
  /** Sampling factors. */
  horizontal: number;
  vertical: number;
  /** Blocks of 8 x 8, without those that only fill the last MCU. */
  wide: number;
  high: number;
  /** Blocks in a row, with them. */
  stride: number;
  nonZero: Uint8Array | null;
}

export interface Frame {
  /** Pixels. */
  width: number;
  height: number;
  isProgressive: boolean;
  mcusWide: number;
  mcusHigh: number;
  components: Component[];
}

/** Size in pixels of any JPEG, as stored; null when there is no frame header. */
export function jpegSize(bytes: Uint8Array): { width: number; height: number } | null {
  for (const { marker, start, end } of segments(bytes)) {
    if (isFrame(marker) && end >= start + 10) return { height: word(bytes, start + 5), width: word(bytes, start + 7) };
  }
  return null;
}

/** Pixels: decoders refuse more. */
const largest = 50_000_000;

/** A Huffman-coded frame of 8 bits, baseline, extended or progressive; null for any other. */
export function readFrame(bytes: Uint8Array, { marker, start, end }: Segment): Frame | null {
  const height = word(bytes, start + 5);
  const width = word(bytes, start + 7);
  const count = bytes[start + 9]!;
  if (marker > 0xc2 || bytes[start + 4] !== 8 || end < start + 10 + 3 * count) return null;
  if (height === 0 || width * height > largest) return null;
  const given = Array.from({ length: count }, (_, i) => {
    const at = start + 10 + 3 * i;
    return { id: bytes[at]!, horizontal: factor(bytes[at + 1]! >> 4), vertical: factor(bytes[at + 1]! & 15) };
  });
  const widest = Math.max(1, ...given.map(({ horizontal }) => horizontal));
  const highest = Math.max(1, ...given.map(({ vertical }) => vertical));
  const mcusWide = Math.ceil(width / (8 * widest));
  const mcusHigh = Math.ceil(height / (8 * highest));
  const components = given.map((each) => ({
    ...each,
    wide: Math.ceil(Math.ceil((width * each.horizontal) / widest) / 8),
    high: Math.ceil(Math.ceil((height * each.vertical) / highest) / 8),
    stride: mcusWide * each.horizontal,
    nonZero: null,
  }));
  return { width, height, isProgressive: marker === 0xc2, mcusWide, mcusHigh, components };
}

/** 1 to 4; anything else is an error that the decoder reports. */
const factor = (value: number) => Math.min(4, Math.max(1, value));
