import { describe, expect, it } from 'vitest';
import { Random } from '../math/stats/random.ts';
import { drawOutlier, outlierKinds, type Picture } from './outlier.ts';
import { drawLeaf } from './sample/index.ts';

const picture = (seed: number, width: number, height: number): Picture => {
  const size = Math.max(width, height);
  return { pixels: drawLeaf({ seed, size }).pixels.slice(0, 3 * width * height), width, height };
};

describe('a picture without the subject', () => {
  it.each(outlierKinds)('%s: same seed, same picture; another seed, another; the photo is left as it is', (kind) => {
    for (const [width, height] of [
      [96, 96],
      [64, 31],
      [7, 5],
    ] as const) {
      const [photo, skin] = [picture(1, width, height), picture(2, width, height)];
      const before = photo.pixels.slice();
      const draw = (seed: number) => drawOutlier(kind, photo, skin, new Random(seed));
      expect(draw(1)).toEqual(draw(1));
      expect(draw(1).pixels).toHaveLength(3 * width * height);
      expect(draw(2).pixels).not.toEqual(draw(1).pixels);
      expect(photo.pixels).toEqual(before);
    }
  });

  it("spreads a corner: its colours are the photo's own, the middle is gone", () => {
    const photo = picture(1, 64, 64);
    for (let y = 28; y < 36; y++) for (let x = 28; x < 36; x++) photo.pixels.set([255, 0, 255], 3 * (y * 64 + x));
    const { pixels } = drawOutlier('backdrop', photo, photo, new Random(4));
    const colours = new Set<number>();
    for (let p = 0; p < photo.pixels.length; p += 3)
      colours.add((photo.pixels[p]! << 16) | (photo.pixels[p + 1]! << 8) | photo.pixels[p + 2]!);
    for (let p = 0; p < pixels.length; p += 3) {
      expect(colours).toContain((pixels[p]! << 16) | (pixels[p + 1]! << 8) | pixels[p + 2]!);
      expect([...pixels.subarray(p, p + 3)]).not.toEqual([255, 0, 255]);
    }
  });

  it('cuts up and mixes: the same pixels in other places', () => {
    const photo = picture(3, 60, 60);
    const { pixels } = drawOutlier('pieces', photo, photo, new Random(1));
    expect(pixels).not.toEqual(photo.pixels);
    expect(pixels.toSorted()).toEqual(photo.pixels.toSorted());
  });
});
