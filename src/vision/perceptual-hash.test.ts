import { describe, expect, it } from 'vitest';
import { hammingDistance } from '../../tests/support/hamming-distance.ts';
import { differenceHash } from './perceptual-hash.ts';

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
