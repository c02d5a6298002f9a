import { describe, expect, it } from 'vitest';
import type { View } from '../contracts/artifacts/signature.ts';
import { applyView } from './view.ts';

/** [[1 2 3] [4 5 6] [7 8 9]], three equal channels. */
const square = Uint8Array.from({ length: 27 }, (_, i) => Math.floor(i / 3) + 1);
const rows = (pixels: Uint8Array) => Array.from(pixels.filter((_, i) => i % 3 === 0)).join('');
const viewed = (view: View, of: Uint8Array = square) => applyView(of, 3, 3, view);

describe('applyView', () => {
  it.each([
    ['plain', '123456789'],
    ['flip-h', '321654987'],
    ['flip-v', '789456123'],
    ['rot90', '369258147'],
    ['rot180', '987654321'],
    ['rot270', '741852963'],
    ['transpose', '147258369'],
    ['transverse', '963852741'],
  ] as const)('%s', (view, expected) => expect(rows(viewed(view))).toBe(expected));

  it('is a group: turns add up', () => {
    expect(viewed('rot90', viewed('rot270'))).toEqual(square);
    expect(viewed('rot90', viewed('rot90'))).toEqual(viewed('rot180'));
    expect(viewed('flip-v', viewed('rot90'))).toEqual(viewed('transpose'));
    expect(viewed('flip-h', viewed('rot90'))).toEqual(viewed('transverse'));
  });

  it('flips what is not square, and refuses to turn it', () => {
    const wide = Uint8Array.from({ length: 18 }, (_, i) => Math.floor(i / 3) + 1);
    expect(rows(applyView(wide, 3, 2, 'rot180'))).toBe('654321');
    expect(() => applyView(wide, 3, 2, 'rot90')).toThrow(expect.objectContaining({ code: 'IMAGE_VIEW_NOT_SQUARE' }));
  });

  it('crops nine windows of 87.5 % that keep a slope a slope', () => {
    const side = 64;
    const slope = Uint8Array.from({ length: side * side * 3 }, (_, i) => 2 * (Math.floor(i / 3) % side));
    const middle = (pixels: Uint8Array) => pixels[3 * (32 * side + 32)]!;
    const crops = Array.from({ length: 9 }, (_, i) => applyView(slope, side, side, `crop-${i}` as View));
    for (const crop of crops) expect(crop).toHaveLength(slope.length);
    // The window's left edge moves by 4 pixels of 2 levels from place to place.
    expect(crops.map(middle)).toEqual(
      [0, 1, 2, 0, 1, 2, 0, 1, 2].map((third) => Math.round(2 * (32.5 * 0.875 - 0.5 + 4 * third))),
    );
    expect(crops[0]!.subarray(0, 3)).toEqual(crops[3]!.subarray(0, 3));
  });
});
