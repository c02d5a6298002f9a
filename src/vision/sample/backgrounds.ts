import type { Random } from '../../math/stats/random.ts';
import { fill, scatter, shade } from './brush.ts';
import { type Canvas, randomTurn, smoothstep } from './canvas.ts';
import { hsv, mix, scale } from './colour.ts';
import { noise } from './noise.ts';

/** Fills the whole canvas. */
type Painter = (canvas: Canvas, random: Random) => void;

const wall: Painter = (canvas, random) => {
  const base = hsv(random.range(0, 360), random.range(0, 0.25), random.range(0.35, 0.95));
  const patches = noise('cloud', random, 0.5);
  const plaster = noise('grain', random, random.range(0.3, 1));
  const rough = random.range(0.02, 0.12);
  const lean = random.range(-0.25, 0.25) / canvas.size;
  shade(canvas, base, (x, y) => {
    return 0.95 + lean * (x - y) + 0.14 * (patches(x, y) - 0.5) + rough * (plaster(x, y) - 0.5);
  });
};

const soil: Painter = (canvas, random) => {
  const base = hsv(random.range(12, 42), random.range(0.2, 0.55), random.range(0.25, 0.6));
  const lumps = noise('cloud', random, 3);
  const sand = noise('grain', random, 0.8);
  shade(canvas, base, (x, y) => 0.45 + 0.7 * lumps(x, y) + 0.45 * (sand(x, y) - 0.5));
  const pebble = () => hsv(random.range(10, 60), random.range(0, 0.4), random.range(0.2, 0.75));
  scatter(canvas, random, { count: 60, radius: [2, 9], edge: 0.4, share: 0.7, colour: pebble });
};

const cloth: Painter = (canvas, random) => {
  const base = hsv(random.range(0, 360), random.range(0.05, 0.6), random.range(0.3, 0.9));
  const second = mix(base, hsv(random.range(0, 360), 0.4, random.range(0.2, 0.9)), random.range(0, 0.35));
  const folds = noise('cloud', random, 0.4);
  const thread = random.range(1.1, 2.2);
  const stripe = random.range(0.05, 0.25);
  const { cos, sin } = randomTurn(random);
  fill(canvas, (x, y) => {
    const [a, b] = [x * cos + y * sin, y * cos - x * sin];
    const weave = 0.06 * (Math.sin(a * thread) * Math.sin(b * thread));
    return scale(mix(base, second, smoothstep(0.2, 0.4, Math.sin(a * stripe))), 0.72 + weave + 0.45 * folds(x, y));
  });
};

const foliage: Painter = (canvas, random) => {
  const dark = hsv(random.range(65, 115), random.range(0.3, 0.6), random.range(0.08, 0.35));
  const patches = noise('cloud', random, 0.7);
  shade(canvas, dark, (x, y) => 0.6 + 0.8 * patches(x, y));
  const autumn = random.float() < 0.35 ? 0.5 : 0.12;
  const leaf = () =>
    random.float() < autumn
      ? hsv(random.range(15, 60), random.range(0.3, 0.8), random.range(0.25, 0.8))
      : hsv(random.range(58, 115), random.range(0.25, 0.7), random.range(0.15, 0.75));
  scatter(canvas, random, { count: 34, radius: [14, 55], edge: random.range(0.4, 0.9), share: 0.75, colour: leaf });
};

const wood: Painter = (canvas, random) => {
  const base = hsv(random.range(15, 40), random.range(0.2, 0.6), random.range(0.3, 0.8));
  const rings = noise('cloud', random, 0.35);
  const fibre = noise('grain', random, 1);
  const { cos, sin } = randomTurn(random);
  const board = random.range(40, 90) * (canvas.size / 256);
  shade(canvas, base, (x, y) => {
    const [a, b] = [x * cos + y * sin, y * cos - x * sin];
    const gap = smoothstep(0, 2, Math.abs((((b % board) + board) % board) - board / 2));
    const grain = Math.sin(40 * rings(a * 0.25, b * 2.2));
    return (0.85 + 0.12 * grain + 0.2 * (fibre(a * 0.08, b) - 0.5)) * (0.45 + 0.55 * gap);
  });
};

const stone: Painter = (canvas, random) => {
  const base = hsv(random.range(0, 360), random.range(0, 0.15), random.range(0.3, 0.75));
  const patches = noise('cloud', random, 1.2);
  const cracks = noise('web', random, 0.5);
  const sand = noise('grain', random, 0.6);
  shade(canvas, base, (x, y) => {
    return 0.7 + 0.4 * patches(x, y) + 0.3 * (sand(x, y) - 0.5) - 0.3 * cracks(x, y) * patches(y, x);
  });
};

/** Paper, a table top, a light box, a black cloth. */
const plain: Painter = (canvas, random) => {
  const base = hsv(random.range(0, 360), random.range(0, 0.12), random.pick([0.08, 0.3, 0.55, 0.8, 0.95]));
  const lean = random.range(-0.2, 0.2) / canvas.size;
  const turn = random.range(-1, 1);
  shade(canvas, base, (x, y) => 1 + lean * (x + turn * y));
};

const near: readonly Painter[] = [wall, soil, cloth, wood, stone, plain];

/** Paints a scene behind a leaf. `far` = out of focus, so no shadow falls on it. */
export function paintBackground(canvas: Canvas, random: Random): { far: boolean } {
  const far = random.float() < 0.25;
  (far ? foliage : random.pick(near))(canvas, random);
  return { far };
}

/** Paints a scene without plants. */
export function paintSurface(canvas: Canvas, random: Random): void {
  random.pick(near)(canvas, random);
}
