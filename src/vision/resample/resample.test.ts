import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { turned } from '../turn.ts';
import { type Picture, resample, type Target } from './resample.ts';
import { type Kernel, tapsOf } from './taps.ts';
import { sourceDigest } from './wasm-bytes.ts';

/** Different everywhere, the same each time. */
function picture(width: number, height: number): Picture {
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 24) & 255);
  return { pixels, width, height };
}
const grey = (...values: number[]) => Uint8Array.from(values.flatMap((value) => [value, value, value]));
const to = (width: number, height: number, kernel: Kernel = 'cubic', fit: Target['fit'] = 'fill'): Target => ({
  width,
  height,
  fit,
  kernel,
});

/** The definition, pixel by pixel. */
function slowly({ pixels, width, height }: Picture, { kernel, ...target }: Target): number[] {
  const across = tapsOf(width, { start: 0, length: width }, target.width, kernel);
  const down = tapsOf(height, { start: 0, length: height }, target.height, kernel);
  const out = [];
  for (let y = 0; y < target.height; y++) {
    for (let x = 0; x < target.width; x++) {
      for (let c = 0; c < 3; c++) {
        let sum = 1 << 19;
        for (let i = 0; i < across.count; i++) {
          const column = Math.min(width - 1, across.starts[x]! + i);
          let between = 1 << 7;
          for (let k = 0; k < down.count; k++) {
            const row = Math.min(height - 1, down.starts[y]! + k);
            between += down.weights[y * down.count + k]! * pixels[3 * (row * width + column) + c]!;
          }
          sum += across.weights[x * across.count + i]! * (between >> 8);
        }
        out.push(Math.min(255, Math.max(0, sum >> 20)));
      }
    }
  }
  return out;
}

describe('resampling', () => {
  it('gives the values that the kernel says', () => {
    const step = { pixels: grey(0, 0, 255, 255), width: 4, height: 1 };
    expect(resample(step, to(2, 1, 'linear'))).toEqual(grey(36, 219));
    expect(resample({ pixels: grey(0, 255), width: 2, height: 1 }, to(4, 1, 'linear'))).toEqual(grey(0, 64, 191, 255));
    expect(resample({ pixels: grey(10, 20, 30), width: 1, height: 3 }, to(1, 1, 'linear'))).toEqual(grey(20));
  });

  it.each([
    ['the same size', [9, 7], [9, 7]],
    ['smaller', [64, 48], [20, 31]],
    ['a little smaller', [37, 29], [32, 24]],
    ['much smaller', [300, 211], [7, 5]],
    ['larger', [12, 9], [40, 33]],
    ['much larger', [3, 2], [50, 41]],
    ['wider and lower', [20, 60], [45, 8]],
    ['from one pixel', [1, 1], [5, 4]],
    ['to one pixel', [33, 21], [1, 1]],
    ['from one row', [40, 1], [13, 6]],
    ['from one column', [1, 40], [6, 13]],
    // more source rows than are in memory at a time
    ['long', [900, 1400], [11, 40]],
  ] as const)('is what its definition says, to the bit: %s', (_, [width, height], [wide, high]) => {
    const source = picture(width, height);
    for (const kernel of ['linear', 'cubic', 'lanczos3'] as const) {
      expect([...resample(source, to(wide, high, kernel))]).toEqual(slowly(source, to(wide, high, kernel)));
    }
  });

  it('gives these bytes on every machine', () => {
    const digest = (target: Target) =>
      createHash('sha256')
        .update(resample(picture(256, 200), target))
        .digest('hex');
    expect(digest(to(224, 224)).slice(0, 16)).toBe('c38c1e3d64e82229');
    expect(digest(to(500, 300)).slice(0, 16)).toBe('08dab7111820280f');
    expect(digest(to(64, 64, 'linear', 'cover')).slice(0, 16)).toBe('65acd04e90c12dad');
  });

  it('leaves a picture of the same size as it is, and a flat one flat', () => {
    const source = picture(31, 17);
    expect(resample(source, to(31, 17))).toEqual(source.pixels);
    for (const level of [0, 1, 127, 254, 255]) {
      const flat = { pixels: new Uint8Array(3 * 50 * 37).fill(level), width: 50, height: 37 };
      for (const kernel of ['linear', 'cubic', 'lanczos3'] as const)
        for (const [width, height] of [
          [7, 90],
          [49, 36],
          [200, 3],
        ] as const)
          expect(new Set(resample(flat, to(width, height, kernel)))).toEqual(new Set([level]));
    }
  });

  it('covers: takes the middle of what is too long', () => {
    const wide = { pixels: grey(0, 0, 100, 200, 0, 0), width: 6, height: 1 };
    expect(
      resample(
        { ...wide, pixels: Uint8Array.from([...wide.pixels, ...wide.pixels]), height: 2 },
        to(2, 2, 'cubic', 'cover'),
      ),
    ).toEqual(grey(100, 200, 100, 200));
  });

  it('is compiled from the source that is there', () => {
    const source = readFileSync(new URL('../../../wasm/pixels.as.ts', import.meta.url));
    expect(createHash('sha256').update(source).digest('hex')).toBe(sourceDigest);
  });
});

it('turns as EXIF says', () => {
  // How 1 2 3 / 4 5 6 is stored under each orientation.
  const stored = ['123456', '321654', '654321', '456123', '142536', '362514', '635241', '415263'];
  for (const [i, digits] of stored.entries()) {
    const [width, height] = i < 4 ? [3, 2] : [2, 3];
    const upright = turned({ pixels: grey(...[...digits].map(Number)), width, height }, i + 1);
    expect([...upright.pixels].filter((_, n) => n % 3 === 0).join(''), String(i + 1)).toBe('123456');
    expect([upright.width, upright.height]).toEqual([3, 2]);
  }
});
