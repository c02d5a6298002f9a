import { expect, it } from 'vitest';
import { fromFloat16, toFloat16 } from './float16.ts';
import { Random } from './random.ts';

it('knows the values of the standard', () => {
  const known: [number, number][] = [
    [0, 0],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [1 / 3, 0x3555],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
  ];
  for (const [value, bits] of known) expect(toFloat16(value), String(value)).toBe(bits);
});

it('gives back every finite half', () => {
  for (let bits = 0; bits < 0x7c00; bits++) expect(toFloat16(fromFloat16(bits))).toBe(bits);
});

it('is off by half a unit in the last place at most', () => {
  const random = new Random(3);
  for (let i = 0; i < 1000; i++) {
    const value = random.range(-100, 100);
    expect(Math.abs(fromFloat16(toFloat16(value)) - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -11 + 2 ** -25);
  }
});
