import { Random } from '../../math/stats/random.ts';
import { paintSurface } from './backgrounds.ts';
import { fill, shade } from './brush.ts';
import { expose } from './camera.ts';
import { around, blend, type Canvas, createCanvas, length, smoothstep } from './canvas.ts';
import { type Colour, hsv, mix } from './colour.ts';
import { noise } from './noise.ts';

type Scene = (canvas: Canvas, random: Random) => void;

const anyColour = (random: Random): Colour => hsv(random.range(0, 360), random.range(0, 0.9), random.range(0.15, 0.95));

/** Balls, boxes and rings on a surface. */
const things: Scene = (canvas, random) => {
  paintSurface(canvas, random);
  for (let n = 2 + random.int(8); n > 0; n--) {
    const colour = anyColour(random);
    const kind = random.pick(['ball', 'box', 'ring'] as const);
    const radius = (random.range(10, 70) * canvas.size) / 256;
    const stretch = random.range(1, 2.5);
    around(canvas.size, random.range(0, canvas.size), random.range(0, canvas.size), radius, (index, dx, dy) => {
      const round = length(dx, dy) / radius;
      const far = kind === 'box' ? Math.max(Math.abs(dx), Math.abs(dy) * stretch) / radius : round;
      const hollow = kind === 'ring' ? smoothstep(0.6, 0.64, far) : 1;
      const lit = kind === 'ball' ? 0.9 - 0.5 * ((dx + dy) / radius) : 0.8;
      const surface: Colour = [colour[0] * lit, colour[1] * lit, colour[2] * lit];
      blend(canvas.rgb, index, surface, hollow * smoothstep(1, 0.96, far));
    });
  }
};

/** Lines of text on a page: strokes in cells, some blank. */
const page: Scene = (canvas, random) => {
  const paper = hsv(random.range(30, 60), random.range(0, 0.15), random.range(0.75, 0.97));
  const ink = mix([0, 0, 0], anyColour(random), 0.3);
  const line = (random.range(9, 22) * canvas.size) / 256;
  const cell = line * random.range(0.4, 0.6);
  const lean = random.range(-0.12, 0.12);
  const seed = random.uint32();
  const strokes = (column: number, row: number) => new Random(`${seed}:${column}:${row}`);
  const cells = new Map<string, number>();
  const glyph = (column: number, row: number) => {
    const key = `${column}:${row}`;
    let found = cells.get(key);
    if (found === undefined) {
      const own = strokes(column, row);
      found = own.float() < 0.18 ? 0 : own.uint32() & 0x7fff;
      cells.set(key, found);
    }
    return found;
  };
  fill(canvas, (x, y) => {
    const down = (y + lean * x + 1000 * line) / line;
    const across = (x - lean * y + 1000 * cell) / cell;
    const [row, column] = [Math.floor(down), Math.floor(across)];
    const [fy, fx] = [(down - row) / 0.65, across - column];
    if (fy >= 1) return paper;
    const bit = Math.floor(fy * 5) * 3 + Math.min(2, Math.floor(fx * 3.6));
    return fx < 0.83 && (glyph(column, row) >> bit) & 1 ? ink : paper;
  });
};

/** Sky, clouds, and perhaps a horizon with land or sea below it. */
const sky: Scene = (canvas, random) => {
  const high = hsv(random.range(195, 235), random.range(0.25, 0.75), random.range(0.4, 0.9));
  const low = hsv(random.range(15, 230), random.range(0.05, 0.4), random.range(0.7, 0.98));
  const land = hsv(random.range(20, 240), random.range(0.1, 0.4), random.range(0.15, 0.5));
  const clouds = noise('cloud', random, 0.8);
  const cover = random.range(0.4, 0.75);
  const horizon = canvas.size * random.range(0.55, 1.3);
  fill(canvas, (x, y) => {
    if (y > horizon + 14 * clouds(x, 0)) return mix(land, [0, 0, 0], 0.5 * clouds(y, x));
    return mix(
      mix(high, low, y / canvas.size),
      [0.97, 0.97, 0.97],
      smoothstep(cover, cover + 0.25, clouds(x, 1.7 * y)),
    );
  });
};

/** Bricks or tiles. */
const bricks: Scene = (canvas, random) => {
  const brick = anyColour(random);
  const joint = hsv(0, 0, random.range(0.3, 0.9));
  const high = (random.range(14, 48) * canvas.size) / 256;
  const wide = high * random.range(1, 2.6);
  const rough = noise('grain', random, 0.8);
  const tone = noise('cloud', random, 4);
  fill(canvas, (x, y) => {
    const row = Math.floor(y / high);
    const shifted = x + (row % 2) * wide * 0.5;
    const inJoint = Math.min(y % high, shifted % wide) < 0.09 * high;
    const light = 0.75 + 0.4 * tone(Math.floor(shifted / wide) * 31, row * 17) + 0.2 * (rough(x, y) - 0.5);
    return mix([0, 0, 0], inJoint ? joint : brick, Math.min(1, light));
  });
};

/** Too dark, too bright, or a covered lens. */
const nothing: Scene = (canvas, random) => {
  const patches = noise('cloud', random, 0.3);
  shade(canvas, anyColour(random), (x, y) => 0.9 + 0.2 * patches(x, y));
};

const scenes = { things, page, sky, bricks, nothing, surface: paintSurface } as const satisfies Record<string, Scene>;
export type NonLeafScene = keyof typeof scenes;
const usual: readonly NonLeafScene[] = ['things', 'things', 'page', 'sky', 'bricks', 'nothing', 'surface'];

/**
 * Draws a photo without a leaf, for out-of-distribution tests. Same arguments, same pixels.
 * @param options.scene default: chosen by the seed
 * @returns uint8 [size, size, 3], RGB
 */
export function drawNonLeaf(options: { seed: number | string; size: number; scene?: NonLeafScene }): Uint8Array {
  const canvas = createCanvas(options.size);
  const random = new Random(`${options.seed}:non-leaf`);
  scenes[options.scene ?? random.pick(usual)](canvas, random);
  return expose(canvas, random);
}
