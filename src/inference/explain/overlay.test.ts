import { describe, expect, it } from 'vitest';
import { encodePng } from '../../vision/encode.ts';
import { uprightPhoto } from '../../vision/upright.ts';
import { enlargeMap } from './enlarge-map.ts';
import { heatColour } from './heat-colour.ts';
import { overlay } from './overlay.ts';

const grey = (width: number, height: number) => encodePng(new Uint8Array(width * height * 3).fill(90), width, height);
const mapWith = (places: Record<number, number>) => {
  const map = new Float32Array(28 * 28);
  for (const [place, value] of Object.entries(places)) map[Number(place)] = value;
  return map;
};

async function changed(width: number, height: number, map: Float32Array, fit: 'fill' | 'cover', against = false) {
  const { pixels } = await uprightPhoto(
    await overlay(await grey(width, height), { map, width: 28, height: 28, fit }, { against }),
    1024,
  );
  const places = Array.from({ length: width * height }, (_, i) => i).filter((i) =>
    pixels.subarray(3 * i, 3 * i + 3).some((value) => value !== 90),
  );
  const mean = (of: (i: number) => number) => places.reduce((sum, i) => sum + of(i), 0) / places.length;
  return { count: places.length, x: mean((i) => i % width), y: mean((i) => Math.floor(i / width)), pixels };
}

describe('overlay', () => {
  it('colours the place that is hot and leaves the rest as it was', async () => {
    const { count, x, y, pixels } = await changed(280, 140, mapWith({ [7 * 28 + 21]: 2 }), 'fill');
    expect(x).toBeCloseTo(21.5 * 10 - 0.5, 0);
    expect(y).toBeCloseTo(7.5 * 5 - 0.5, 0);
    expect(count).toBeLessThan(280 * 140 * 0.02);
    const at = 3 * (37 * 280 + 214);
    expect(pixels[at]!).toBeGreaterThan(150);
    expect(pixels[at + 2]!).toBeLessThan(80);
  });

  it('lays the map of a photo cut to its middle on the middle', async () => {
    const { x, y } = await changed(280, 140, mapWith({ [7 * 28 + 21]: 2 }), 'cover');
    expect(x).toBeCloseTo(70 + 21.5 * 5 - 0.5, 0);
    expect(y).toBeCloseTo(7.5 * 5 - 0.5, 0);
  });

  it('shows nothing where nothing speaks for the class, and what speaks against it only when asked', async () => {
    const cold = mapWith({ [10 * 28 + 10]: -3 });
    expect((await changed(112, 112, cold, 'fill')).count).toBe(0);
    const { count, pixels } = await changed(112, 112, cold, 'fill', true);
    expect(count).toBeGreaterThan(0);
    const at = 3 * (42 * 112 + 42);
    expect(pixels[at + 2]!).toBeGreaterThan(pixels[at]!);
  });
});

describe('heat colours', () => {
  it('cover more and grow darker with the heat', () => {
    const light = ([red, green, blue]: number[]) => 0.21 * red! + 0.72 * green! + 0.07 * blue!;
    const scale = Array.from({ length: 21 }, (_, i) => heatColour(i / 20));
    for (let i = 1; i < scale.length; i++) {
      expect(scale[i]![3]).toBeGreaterThanOrEqual(scale[i - 1]![3]);
      expect(light(scale[i]!)).toBeLessThanOrEqual(light(scale[i - 1]!));
    }
    expect(heatColour(0)[3]).toBe(0);
  });
});

describe('enlarged map', () => {
  it('keeps a level map level and never rises above the hottest place', () => {
    const level = enlargeMap(
      { map: new Float32Array(9).fill(4), width: 3, height: 3 },
      { width: 20, height: 11 },
      'fill',
    );
    for (const value of level) expect(value).toBeCloseTo(4, 5);
    const peak = enlargeMap({ map: mapWith({ 400: 5 }), width: 28, height: 28 }, { width: 224, height: 224 }, 'fill');
    expect(Math.max(...peak)).toBeLessThanOrEqual(5);
  });
});
