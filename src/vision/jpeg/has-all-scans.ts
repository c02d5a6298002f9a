import { readFrame } from './frame.ts';
import { isFrame, segments, sos } from './segments.ts';

/**
 * Whether the scan headers cover every coefficient of every component down to its last bit. A progressive JPEG that was cut between two
 * scans and given an end marker is well-formed, only coarser. True when there is no frame that can be checked.
 */
export function hasAllScans(bytes: Uint8Array): boolean {
  /** By component: the lowest bit that was coded of each coefficient. */
  let coded: Map<number, Uint8Array> | null = null;
  let isProgressive = false;
  for (const segment of segments(bytes)) {
    const { marker, start } = segment;
    if (isFrame(marker)) {
      const frame = readFrame(bytes, segment);
      if (!frame) return true;
      isProgressive = frame.isProgressive;
      coded = new Map(frame.components.map(({ id }) => [id, new Uint8Array(64).fill(notCoded)]));
    }
    if (marker !== sos || !coded) continue;
    const count = bytes[start + 4]!;
    const [first, last, bit] = isProgressive
      ? bytes.subarray(start + 5 + 2 * count, start + 8 + 2 * count)
      : [0, 63, 0];
    for (let i = 0; i < count; i++) coded.get(bytes[start + 5 + 2 * i]!)?.fill(bit! & 15, first, last! + 1);
  }
  return [...(coded?.values() ?? [])].every((bits) => bits.every((bit) => bit === 0));
}

const notCoded = 255;
