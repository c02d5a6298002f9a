import type { Random } from '../../math/stats/random.ts';
import type { Colour } from './colour.ts';

/** A square picture. */
export interface Canvas {
  /** Pixels per side. */
  size: number;
  /** float32 [size, size, 3], 0..1, above 1 in glare. */
  rgb: Float32Array;
}

export function createCanvas(size: number): Canvas {
  return { size, rgb: new Float32Array(size * size * 3) };
}

/** Blends a colour over one pixel. `index` counts pixels; `share` 0..1. */
export function blend(rgb: Float32Array, index: number, colour: Colour, share: number): void {
  const p = 3 * index;
  rgb[p] = rgb[p]! + (colour[0] - rgb[p]!) * share;
  rgb[p + 1] = rgb[p + 1]! + (colour[1] - rgb[p + 1]!) * share;
  rgb[p + 2] = rgb[p + 2]! + (colour[2] - rgb[p + 2]!) * share;
}

/** 0 below `low`, 1 above `high`, smooth between (Hermite). */
export function smoothstep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

/** Euclidean; Math.hypot is ten times slower. */
export function length(dx: number, dy: number): number {
  return Math.sqrt(dx * dx + dy * dy);
}

/** Calls back for the pixels in the square of half side `reach` around a centre, with their offset from it. */
export function around(
  size: number,
  x: number,
  y: number,
  reach: number,
  visit: (index: number, dx: number, dy: number) => void,
): void {
  const left = Math.max(0, Math.floor(x - reach));
  const right = Math.min(size - 1, Math.ceil(x + reach));
  const bottom = Math.min(size - 1, Math.ceil(y + reach));
  for (let py = Math.max(0, Math.floor(y - reach)); py <= bottom; py++) {
    for (let px = left; px <= right; px++) visit(py * size + px, px - x, py - y);
  }
}

/** A rotation by a random angle. */
export function randomTurn(random: Random): { cos: number; sin: number } {
  const angle = random.range(0, 2 * Math.PI);
  return { cos: Math.cos(angle), sin: Math.sin(angle) };
}
