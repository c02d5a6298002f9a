import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const sheet = readFileSync(join(import.meta.dirname, '../../console/style/tokens.css'), 'utf8');

/** sRGB, linear, [0, 1]. */
type Colour = readonly [number, number, number];
type Matrix = readonly [Colour, Colour, Colour];

/** The colours that the rule with this selector sets. */
function coloursOf(selector: string): Record<string, Colour> {
  const start = sheet.indexOf(`${selector} {`);
  expect(start, selector).toBeGreaterThanOrEqual(0);
  const rule = sheet.slice(start, sheet.indexOf('}', start));
  return Object.fromEntries(
    [...rule.matchAll(/--([\w-]+): #([\da-f]{6});/g)].map(([, name, hex]) => [name, linear(hex!)]),
  );
}

/** IEC 61966-2-1 (sRGB) to linear light. @param hex six digits */
function linear(hex: string): Colour {
  const [red, green, blue] = [0, 2, 4].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return [red!, green!, blue!];
}

const times = (matrix: Matrix, [x, y, z]: Colour) =>
  matrix.map(([a, b, c]) => a * x + b * y + c * z) as unknown as Colour;

/** Relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
const luminance = ([red, green, blue]: Colour) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

/** Contrast ratio, 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(first: Colour, second: Colour): number {
  const [dark, light] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

/** Oklab, lightness [0, 1]: https://bottosson.github.io/posts/oklab/ */
function oklab(colour: Colour): Colour {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    colour,
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones.map(Math.cbrt) as unknown as Colour,
  );
}

const distance = (first: Colour, second: Colour) =>
  Math.hypot(...oklab(first).map((value, i) => value - oklab(second)[i]!));

/**
 * What is seen without one kind of cone, on linear sRGB: Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color
 * Vision Deficiency", severity 1.0.
 */
const deficiencies: Record<string, Matrix> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const sights: Record<string, (colour: Colour) => Colour> = {
  'all cones': (colour) => colour,
  ...Object.fromEntries(
    Object.entries(deficiencies).map(([name, matrix]) => [
      name,
      (colour: Colour) => times(matrix, colour).map((value) => Math.min(1, Math.max(0, value))) as unknown as Colour,
    ]),
  ),
};

const states = ['healthy', 'unwell', 'uncertain'] as const;
const pairs = [
  ['healthy', 'unwell'],
  ['healthy', 'uncertain'],
  ['unwell', 'uncertain'],
] as const;
/** WCAG 2.2 AA, for text of any size. */
const textContrast = 4.5;

describe.each([
  { theme: 'light', selector: ':root', stateContrast: 4.79, stateDistance: 0.113 },
  { theme: 'dark', selector: ':root[data-theme="dark"]', stateContrast: 7.2, stateDistance: 0.121 },
])('the colours of the $theme theme', ({ selector, stateContrast, stateDistance }) => {
  const colours = coloursOf(selector);
  const of = (name: string) => colours[name]!;
  const onSurfaces = (name: string) => Math.min(...['paper', 'sunk'].map((surface) => contrast(of(name), of(surface))));

  it.each(['ink', 'quiet', 'act', 'focus', ...states])('%s is readable on both surfaces', (name) => {
    expect(onSurfaces(name)).toBeGreaterThanOrEqual(textContrast);
  });

  it('the word on a button is readable', () => {
    expect(contrast(of('on-act'), of('act'))).toBeGreaterThanOrEqual(textContrast);
  });

  it.each(states)(`%s stands out from both surfaces by ${stateContrast}`, (name) => {
    expect(rounded(onSurfaces(name), 2)).toBeGreaterThanOrEqual(stateContrast);
  });

  it.each(pairs)('%s and %s are told apart, whichever cones one has', (first, second) => {
    for (const [sight, see] of Object.entries(sights))
      expect(rounded(distance(see(of(first)), see(of(second))), 3), sight).toBeGreaterThanOrEqual(stateDistance);
  });
});

it('a system in the dark has the colours of the dark theme', () => {
  expect(coloursOf(':root:not([data-theme="light"])')).toEqual(coloursOf(':root[data-theme="dark"]'));
});

// the design names its figures rounded
const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
