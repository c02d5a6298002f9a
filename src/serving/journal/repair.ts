import { crc32 } from 'node:zlib';

const polynomial = 0xedb88320;
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
  return crc;
});
/** Highest byte of a table entry -> its index: a permutation, so a CRC step can be reversed. */
const indexOfHighest = new Uint8Array(256);
table.forEach((value, index) => {
  indexOfHighest[value >>> 24] = index;
});

/**
 * Corrects the one wrong byte, so that `crc32(bytes, seed)` equals `expected`; null when no single byte does. A CRC is linear: reversing its
 * steps on the difference, from the end, yields the error's value at the error's position.
 * One damaged KiB in 16,000 has such a byte by chance: check the result by other means.
 */
export function repairByte(bytes: Uint8Array, expected: number, seed = 0): Buffer | null {
  let difference = (crc32(bytes, seed) ^ expected) >>> 0;
  for (let at = bytes.length - 1; at >= 0; at--) {
    const index = indexOfHighest[difference >>> 24]!;
    difference = (((difference ^ table[index]!) << 8) | index) >>> 0;
    if (difference > 0xff) continue;
    const repaired = Buffer.from(bytes);
    repaired[at]! ^= difference;
    return repaired;
  }
  return null;
}
