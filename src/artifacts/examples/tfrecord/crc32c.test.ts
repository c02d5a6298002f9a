import { describe, expect, it } from 'vitest';
import { crc32c, maskedCrc32c } from './crc32c.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('crc32c', () => {
  // RFC 3720, appendix B.4. The RFC prints the bytes in wire order; these are the numbers.
  it.each([
    ['32 bytes of zeroes', new Uint8Array(32), 0x8a9136aa],
    ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['32 bytes rising', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['32 bytes falling', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    [
      'an iSCSI SCSI Read (10) command',
      bytes(
        ...[0x01, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14, 0, 0, 0],
        ...[0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0],
      ),
      0xd9963a56,
    ],
  ])('gives the published value for %s', (_, data, expected) => {
    expect(crc32c(data)).toBe(expected);
  });

  it('gives the standard check value of "123456789"', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  });

  it('does not depend on the alignment of the bytes', () => {
    const data = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) & 0xff);
    for (let shift = 1; shift < 9; shift++) {
      const moved = new Uint8Array(1000 + shift);
      moved.set(data, shift);
      expect(crc32c(moved.subarray(shift))).toBe(crc32c(data));
    }
  });

  it('masks as TFRecord does', () => {
    // First 12 bytes of shared/data/tfrecord, which another program wrote: length 14,988, then its masked checksum.
    const header = Buffer.from('8c3a00000000000020b386a1', 'hex');
    expect(maskedCrc32c(header.subarray(0, 8))).toBe(header.readUInt32LE(8));
  });
});
