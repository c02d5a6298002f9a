import type { Random } from '../../math/stats/random.ts';
import { type Canvas, randomTurn, smoothstep } from './canvas.ts';
import type { Leaf } from './leaf.ts';
import { noise } from './noise.ts';

/** One running-mean pass along rows (`step` 1) or columns (`step` size). */
function meanPass(from: Float32Array, to: Float32Array, size: number, radius: number, step: number): void {
  const jump = step === 1 ? size : 1;
  const share = 1 / (2 * radius + 1);
  for (let line = 0; line < size; line++) {
    const start = line * jump;
    let sum = 0;
    for (let k = -radius; k <= radius; k++) sum += from[start + Math.min(size - 1, Math.max(0, k)) * step]!;
    for (let k = 0; k < size; k++) {
      to[start + k * step] = sum * share;
      sum += from[start + Math.min(size - 1, k + radius + 1) * step]! - from[start + Math.max(0, k - radius) * step]!;
    }
  }
}

/** Twice a box: close to a Gaussian. */
function soften(field: Float32Array, size: number, radius: number): Float32Array {
  const [a, b] = [new Float32Array(field.length), new Float32Array(field.length)];
  meanPass(field, a, size, radius, 1);
  meanPass(a, b, size, radius, size);
  meanPass(b, a, size, radius, 1);
  meanPass(a, b, size, radius, size);
  return b;
}

/** The leaf's shadow on a surface close behind it. */
export function castShadow(ground: Canvas, leaf: Leaf, random: Random): void {
  const { size, unit } = leaf;
  const height = random.range(1, 9) * unit;
  const { cos, sin } = randomTurn(random);
  const [dx, dy] = [Math.round(height * cos), Math.round(height * sin)];
  const dark = random.range(0.2, 0.6);
  const soft = soften(leaf.cover, size, Math.max(1, Math.round((1 + height / 2) * unit)));
  for (let y = 0, i = 0; y < size; y++) {
    const row = Math.min(size - 1, Math.max(0, y - dy)) * size;
    for (let x = 0; x < size; x++, i++) {
      const light = 1 - dark * soft[row + Math.min(size - 1, Math.max(0, x - dx))]!;
      for (let p = 3 * i; p < 3 * i + 3; p++) ground.rgb[p]! *= light;
    }
  }
}

/** Blends the lit leaf over the background; the wax layer glares in broad patches. */
export function layOver(ground: Canvas, leaf: Leaf, random: Random): void {
  const { size, cover, light, albedo } = leaf;
  const sheen = noise('cloud', random, random.range(0.4, 1) / leaf.unit);
  const gloss = random.float() < 0.4 ? random.range(0.1, 0.4) : 0;
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) {
      const share = cover[i]!;
      if (share === 0) continue;
      const glare =
        gloss === 0
          ? 0
          : gloss * smoothstep(0.55, 0.85, sheen(x, y) + 0.8 * (light[i]! - 1)) * (1 - 0.6 * leaf.vein[i]!);
      for (let c = 0, p = 3 * i; c < 3; c++, p++) {
        ground.rgb[p] = ground.rgb[p]! * (1 - share) + (albedo[p]! * light[i]! + glare) * share;
      }
    }
  }
}
