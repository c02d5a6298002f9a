import { expect, it } from 'vitest';
import { alterationKinds } from '../../contracts/artifacts/alteration.ts';
import { Random } from '../../math/stats/random.ts';
import type { Picture } from '../resample/resample.ts';
import { alterations } from './alter.ts';
import { findSubject, grid } from './find-subject.ts';
import { rotate } from './rotate.ts';

/** A green ellipse with brown spots, before grey with noise. */
const [width, height] = [240, 160];
const isLeaf = (x: number, y: number) => ((x - 120) / 70) ** 2 + ((y - 80) / 50) ** 2 < 1;
const isSpot = (x: number, y: number) => (x - 130) ** 2 + (y - 90) ** 2 < 150;
function drawn(colour: (x: number, y: number) => number[]): Picture {
  const random = new Random(1);
  const pixels = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++)
    pixels.set(
      colour(i % width, Math.floor(i / width)).map((level) => level + random.int(12)),
      3 * i,
    );
  return { pixels, width, height };
}
const leaf = drawn((x, y) => (isSpot(x, y) ? [110, 70, 30] : isLeaf(x, y) ? [60, 130, 50] : [150, 150, 155]));

it('the subject is found with its spots, and none where everything has one colour', () => {
  const mask = findSubject(leaf)!;
  let [both, either] = [0, 0];
  for (let i = 0; i < grid * grid; i++) {
    const inside = isLeaf(((i % grid) + 0.5) * (width / grid), (Math.floor(i / grid) + 0.5) * (height / grid));
    both += Number(inside && mask[i] === 1);
    either += Number(inside || mask[i] === 1);
  }
  expect(both / either).toBeGreaterThan(0.9);
  expect(mask[54 * grid + 52]).toBe(1);
  expect(findSubject(drawn(() => [60, 130, 50]))).toBeNull();
});

it('a new background leaves the subject as it was, and nothing else', async () => {
  const { pixels } = (await alterations.background.alter(leaf, new Random(2)))!;
  const at = (x: number, y: number, from: Uint8Array) => [
    ...from.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
  ];
  expect(at(110, 60, pixels)).toEqual(at(110, 60, leaf.pixels));
  expect(at(130, 90, pixels)).toEqual(at(130, 90, leaf.pixels));
  const corners = [[5, 5], [230, 5], [5, 150], [230, 150]] as const; // biome-ignore format: one line
  for (const [x, y] of corners) expect(at(x, y, pixels)).not.toEqual(at(x, y, leaf.pixels));
});

it.each(alterationKinds)('%s changes a photo, the same way for the same seed', async (kind) => {
  const once = (await alterations[kind].alter(leaf, new Random(3)))!;
  const again = (await alterations[kind].alter(leaf, new Random(3)))!;
  expect(Buffer.from(once.pixels).equals(again.pixels)).toBe(true);
  expect(Buffer.from(once.pixels).equals(leaf.pixels)).toBe(false);
  expect(once.pixels).toHaveLength(3 * once.width * once.height);
});

it('a quarter of a turn moves each pixel to its place; a whole one changes nothing', () => {
  const square = { pixels: Uint8Array.from([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]), width: 2, height: 2 };
  expect([...rotate(square, 90).pixels].filter((_, i) => i % 3 === 0)).toEqual([3, 1, 4, 2]);
  expect(rotate(leaf, 360).pixels).toEqual(leaf.pixels);
});
