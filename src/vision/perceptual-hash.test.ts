import { describe, expect, it } from 'vitest';
import { differenceHash, hammingDistance } from './perceptual-hash.ts';

describe('differenceHash', () => {
  it('sets a bit where the next cell to the right is brighter', () => {
    const ramp = Float32Array.from({ length: 9 * 8 }, (_, i) => (Math.floor(i / 9) < 4 ? i % 9 : -(i % 9)));
    expect(differenceHash(ramp, 9, 8)).toBe('ffffffff00000000');
  });

  it('averages whole cells, so that size does not matter', () => {
    const at = (size: number) =>
      differenceHash(
        Float32Array.from({ length: size * size }, (_, i) => {
          const [x, y] = [((i % size) + 0.5) / size, (Math.floor(i / size) + 0.5) / size];
          return 128 + 100 * Math.sin(7 * x + 3 * y);
        }),
        size,
        size,
      );
    expect(hammingDistance(at(256), at(97))).toBeLessThanOrEqual(1);
  });
});

describe('hammingDistance', () => {
  it('counts the bits that differ', () => {
    expect(hammingDistance('0000000000000000', 'ffffffffffffffff')).toBe(64);
    expect(hammingDistance('8000000000000001', '0000000000000000')).toBe(2);
    expect(hammingDistance('deadbeef12345678', 'deadbeef12345678')).toBe(0);
    expect(hammingDistance('00000000f0000000', '0000000000000000')).toBe(4);
  });
});
