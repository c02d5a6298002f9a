import type { Random } from '../math/stats/random.ts';
import type { Picture } from './outlier.ts';

export const nonSubjectKinds = ['flat colour', 'noise', 'texture', 'face', 'text'] as const;
export type NonSubjectKind = (typeof nonSubjectKinds)[number];

type Colour = readonly number[];
/** Of the point x, y: 0..1 of the sides. */
type Paint = (x: number, y: number) => Colour;

/**
 * A picture that shows no subject of any model, to measure how many of such a model refuses. Detectors learn from other kinds
 * (`drawOutlier`).
 */
export function drawNonSubject(kind: NonSubjectKind, width: number, height: number, random: Random): Picture {
  const paint = paints[kind](random);
  const pixels = new Uint8Array(3 * width * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) pixels.set(paint((x + 0.5) / width, (y + 0.5) / height), at);
  }
  return { pixels, width, height };
}

const anyColour = (random: Random): Colour => [random.int(256), random.int(256), random.int(256)];

const paints: Record<NonSubjectKind, (random: Random) => Paint> = {
  'flat colour': (random) => {
    const colour = anyColour(random);
    return () => colour;
  },
  noise: (random) => {
    const isGrey = random.int(2) === 0;
    return () => (isGrey ? new Array<number>(3).fill(random.int(256)) : anyColour(random));
  },
  texture,
  face,
  text,
};

/** Stripes, checks or rings of two colours. */
function texture(random: Random): Paint {
  const colours = [anyColour(random), anyColour(random)] as const;
  const pattern = random.pick(['stripes', 'checks', 'rings'] as const);
  const [turn, pitch] = [random.range(0, Math.PI), random.range(0.02, 0.15)];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return (x, y) => {
    const [u, v] = [Math.floor((cos * x + sin * y) / pitch), Math.floor((cos * y - sin * x) / pitch)];
    const cell = { stripes: u, checks: u + v, rings: Math.floor(Math.hypot(x - 0.5, y - 0.5) / pitch) }[pattern];
    return colours[Math.abs(cell) % 2]!;
  };
}

/** An oval of skin with hair, two eyes and a mouth before a plain wall. */
function face(random: Random): Paint {
  const wall = anyColour(random);
  const hair = [random.int(140), random.int(100), random.int(80)];
  const tone = random.range(0.35, 1);
  const skin = [250 * tone, 205 * tone, 175 * tone];
  const [centreX, centreY, size] = [random.range(0.4, 0.6), random.range(0.42, 0.58), random.range(0.2, 0.4)];
  const [eye, smile] = [random.range(0.08, 0.14), random.range(-0.25, 0.35)];
  return (x, y) => {
    const [u, v] = [(x - centreX) / size, (y - centreY) / (1.3 * size)];
    if (Math.hypot(Math.abs(u) - 0.38, v + 0.15) < eye) return [30, 25, 25];
    if (Math.abs(u) < 0.4 && Math.abs(v - 0.5 + smile * u * u) < 0.05) return [150, 60, 60];
    const far = Math.hypot(u, v);
    if (far < 1 && v > -0.55) return skin.map((level) => level * (1 - 0.25 * far * far));
    return far < 1.12 && v < 0.1 ? hair : wall;
  };
}

/** Lines of strokes that look like letters, some cells blank. */
function text(random: Random): Paint {
  const [paper, ink] = random.int(4) === 0 ? [20, 235] : [random.range(215, 255), random.range(0, 70)];
  const line = random.range(0.04, 0.12);
  // of 3 x 5 strokes
  const letters = Array.from({ length: 997 }, () => (random.int(6) === 0 ? 0 : random.int(1 << 15)));
  return (x, y) => {
    const [row, column] = [Math.floor(y / line), Math.floor(x / (0.6 * line))];
    const [down, across] = [(y / line - row) / 0.7, (x / (0.6 * line) - column) / 0.8];
    const stroke = 3 * Math.floor(5 * down) + Math.floor(3 * across);
    const isInk = down < 1 && across < 1 && (letters[(131 * row + column) % letters.length]! >> stroke) & 1;
    return new Array<number>(3).fill(isInk ? ink : paper);
  };
}
