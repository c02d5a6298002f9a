import type { Random } from '../../math/stats/random.ts';

/** One blade, in units of the whole leaf's length; the leaf's base is at (0, 0), its tip at (1, 0). */
export interface Blade {
  base: readonly [x: number, y: number];
  /** Radians from the leaf's axis. */
  angle: number;
  length: number;
}

/** Shape of one blade, in units of its own length. */
export interface Outline {
  /** Half width of one side (-1 left, 1 right) at 0..1 along the midrib. */
  halfWidth: (along: number, hand: -1 | 1) => number;
  /** Side veins per side. */
  veins: number;
  /** Distance along the midrib that a side vein gains for each unit across. */
  veinSlope: number;
}

export interface Species {
  name: string;
  blades: (random: Random) => Blade[];
  outline: (random: Random) => Outline;
  /** Hue of a green leaf, degrees. */
  hue: number;
}

/** An egg shape: wide where `lean` < 1 moves the middle to the base. */
function egg(along: number, lean: number, roundness: number): number {
  return Math.sin(Math.PI * Math.min(1, Math.max(0, along)) ** lean) ** roundness;
}

/** A saw's edge that points to the tip, 0..1. */
function tooth(phase: number): number {
  const t = phase - Math.floor(phase);
  return t < 0.75 ? t / 0.75 : (1 - t) / 0.25;
}

const single = (): Blade[] => [{ base: [0, 0], angle: 0, length: 1 }];

/** Rounded, smooth edge. */
const pear: Species = {
  name: 'pear',
  hue: 90,
  blades: single,
  outline: (random) => {
    const width = random.range(0.27, 0.36);
    const lean = random.range(0.72, 0.86);
    const taper = random.range(0.55, 0.75);
    return { halfWidth: (u) => width * egg(u, lean, taper), veins: 7 + random.int(3), veinSlope: random.range(0.7, 1) };
  },
};

/** Saw-toothed twice over, one side lower at the base. */
const elm: Species = {
  name: 'elm',
  hue: 95,
  blades: single,
  outline: (random) => {
    const width = random.range(0.24, 0.31);
    const teeth = 11 + random.int(4);
    const skew = random.range(0.02, 0.07);
    const halfWidth = (u: number, hand: -1 | 1) => {
      const shifted = hand > 0 ? u : (u - skew) / (1 - skew);
      if (shifted <= 0) return 0;
      const edge = 0.028 * tooth(u * teeth) + 0.012 * tooth(u * teeth * 3);
      return Math.max(0, width * egg(shifted, 0.85, 0.75) * (0.93 + edge * 3.2) - 0.008);
    };
    return { halfWidth, veins: teeth, veinSlope: random.range(0.75, 1) };
  },
};

/** Deep round lobes, widest beyond the middle. */
const oak: Species = {
  name: 'oak',
  hue: 86,
  blades: single,
  outline: (random) => {
    const width = random.range(0.29, 0.37);
    const lobes = 4 + random.int(2);
    const depth = random.range(0.3, 0.45);
    const halfWidth = (u: number, hand: -1 | 1) => {
      const wave = 0.5 + 0.5 * Math.cos(2 * Math.PI * (u * lobes + 0.35 + hand * 0.08));
      return width * egg(u, 1.2, 0.65) * (1 - depth * (1 - wave) * Math.min(1, 4 * (1.02 - u)));
    };
    return { halfWidth, veins: lobes, veinSlope: random.range(0.5, 0.75) };
  },
};

/** Compound: pairs of toothed leaflets on a stalk, and one at its end. */
const rowan: Species = {
  name: 'rowan',
  hue: 98,
  blades: (random) => {
    const pairs = 4 + random.int(2);
    const blades: Blade[] = [];
    for (let i = 0; i < pairs; i++) {
      const along = 0.14 + (0.58 * i) / (pairs - 1);
      const length = random.range(0.3, 0.36) * (1 - 0.25 * Math.abs(i / (pairs - 1) - 0.4));
      for (const hand of [-1, 1]) {
        blades.push({ base: [along + random.range(-0.012, 0.012), 0], angle: hand * random.range(0.95, 1.15), length });
      }
    }
    blades.push({ base: [0.72, 0], angle: random.range(-0.08, 0.08), length: 0.29 });
    return blades;
  },
  outline: (random) => {
    const width = random.range(0.17, 0.21);
    const teeth = 10 + random.int(4);
    return {
      halfWidth: (u) => width * egg(u, 0.9, 0.65) * (0.9 + 0.13 * tooth(u * teeth)),
      veins: 8,
      veinSlope: random.range(0.8, 1.1),
    };
  },
};

export const species: Record<string, Species> = { pear, elm, oak, rowan };
