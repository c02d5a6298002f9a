import { Random } from '../../math/stats/random.ts';

const side = 256;
const wrap = side - 1;

/** Adds one octave of tileable value noise to the table: `cells` per side, smoothly interpolated. */
function addOctave(table: Float32Array, random: Random, cells: number, weight: number): void {
  const lattice = Float32Array.from({ length: cells * cells }, () => random.float());
  const step = side / cells;
  for (let y = 0; y < side; y++) {
    const row = Math.floor(y / step);
    const next = (row + 1) % cells;
    const v = fade(y / step - row);
    for (let x = 0; x < side; x++) {
      const column = Math.floor(x / step);
      const beside = (column + 1) % cells;
      const u = fade(x / step - column);
      const top = lattice[row * cells + column]! * (1 - u) + lattice[row * cells + beside]! * u;
      const bottom = lattice[next * cells + column]! * (1 - u) + lattice[next * cells + beside]! * u;
      table[y * side + x]! += weight * (top * (1 - v) + bottom * v);
    }
  }
}

function fade(t: number): number {
  return t * t * (3 - 2 * t);
}

/** Scaled to 0..1. */
function normalise(table: Float32Array): Float32Array {
  const low = table.reduce((a, b) => Math.min(a, b), Infinity);
  const high = table.reduce((a, b) => Math.max(a, b), -Infinity);
  return table.map((value) => (value - low) / (high - low));
}

function fractal(seed: string, octaves: readonly (readonly [cells: number, weight: number])[]): Float32Array {
  const random = new Random(seed);
  const table = new Float32Array(side * side);
  for (const [cells, weight] of octaves) addOctave(table, random, cells, weight);
  return normalise(table);
}

/** Thin bright lines where the noise crosses its middle: the finest veins of a leaf, cracks in a wall. */
function ridges(table: Float32Array): Float32Array {
  return table.map((value) => Math.max(0, 1 - Math.abs(value - 0.5) * 14));
}

// Computed once, 65,536 numbers each; photos sample them at a random position and scale, 10 ns per sample.
const tables = {
  /** Soft patches. */
  cloud: fractal('noise:cloud', [
    [4, 1],
    [8, 0.6],
    [16, 0.35],
    [32, 0.2],
  ]),
  /** Sand. */
  grain: fractal('noise:grain', [
    [64, 0.7],
    [128, 1],
    [256, 0.8],
  ]),
  web: ridges(fractal('noise:web', [[32, 1]])),
};

/** Noise as a function of position, 0..1. */
export type Noise = (x: number, y: number) => number;

/** The table at a random offset. `scale` > 1 = finer. */
export function noise(kind: keyof typeof tables, random: Random, scale: number): Noise {
  const table = tables[kind];
  const left = random.range(0, side);
  const top = random.range(0, side);
  return (x, y) => {
    const tx = left + x * scale;
    const ty = top + y * scale;
    const column = Math.floor(tx);
    const row = Math.floor(ty);
    const u = tx - column;
    const v = ty - row;
    const a = (row & wrap) * side;
    const b = ((row + 1) & wrap) * side;
    const c = column & wrap;
    const d = (column + 1) & wrap;
    return (table[a + c]! * (1 - u) + table[a + d]! * u) * (1 - v) + (table[b + c]! * (1 - u) + table[b + d]! * u) * v;
  };
}
