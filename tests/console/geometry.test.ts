import { describe, expect, it } from 'vitest';
import { geometryOf, mostSpace, rowsAt, scrollOf, topOf } from '../../console/parts/photo-grid/geometry.ts';

describe('the grid of photos', () => {
  it.each([
    [12, 390, 700],
    [10_000, 1_280, 600],
    [1_000_000, 1_232, 600],
    [1_000_000, 358, 500],
  ])('of %i photos on %i px shows the last one at the end, and scrolls no further than browsers can', (count, width, shown) => {
    const geometry = geometryOf(count, width, 148);
    expect(geometry.space).toBeLessThanOrEqual(mostSpace);
    expect(geometry.columns * geometry.tile + (geometry.columns - 1) * geometry.gap).toBeCloseTo(width);
    const [, last] = rowsAt(geometry, topOf(geometry, Math.max(0, geometry.space - shown), shown), shown);
    expect(last).toBe(geometry.rows - 1);
    expect(rowsAt(geometry, topOf(geometry, 0, shown), shown)[0]).toBe(0);
  });

  it('comes back to where it was scrolled to, however much it is compressed', () => {
    const geometry = geometryOf(1_000_000, 358, 112);
    for (const top of [0, 1_234_567, 20_000_000, geometry.height - 500])
      expect(topOf(geometry, scrollOf(geometry, top, 500), 500)).toBeCloseTo(top, 3);
  });

  it('draws a screenful, whatever its length', () => {
    const geometry = geometryOf(1_000_000, 1_232, 148);
    const [first, last] = rowsAt(geometry, 30_000, 600);
    expect((last - first + 1) * geometry.columns).toBeLessThan(100);
  });
});
