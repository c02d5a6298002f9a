import type { Random } from '../../math/stats/random.ts';
import { around, blend, type Canvas, length, randomTurn, smoothstep } from './canvas.ts';
import type { Colour } from './colour.ts';

/** Sets each pixel as a function of its position. */
export function fill(canvas: Canvas, colourAt: (x: number, y: number) => Colour): void {
  const { size, rgb } = canvas;
  for (let y = 0, p = 0; y < size; y++) {
    for (let x = 0; x < size; x++, p += 3) rgb.set(colourAt(x, y), p);
  }
}

/** One colour, with varying brightness. */
export function shade(canvas: Canvas, base: Colour, lightAt: (x: number, y: number) => number): void {
  const { size, rgb } = canvas;
  for (let y = 0, p = 0; y < size; y++) {
    for (let x = 0; x < size; x++, p += 3) {
      const light = lightAt(x, y);
      rgb[p] = base[0] * light;
      rgb[p + 1] = base[1] * light;
      rgb[p + 2] = base[2] * light;
    }
  }
}

/** Ellipses at random positions: pebbles with a hard edge, leaves out of focus with a soft one. Radii in pixels of a 256-px picture. */
export function scatter(
  canvas: Canvas,
  random: Random,
  options: { count: number; radius: [number, number]; edge: number; share: number; colour: () => Colour },
): void {
  const { size, rgb } = canvas;
  const inner = 1 - options.edge;
  for (let i = 0; i < options.count; i++) {
    const radius = (random.range(...options.radius) * size) / 256;
    const [x, y] = [random.range(0, size), random.range(0, size)];
    const stretch = random.range(1, 2.2);
    const { cos, sin } = randomTurn(random);
    const colour = options.colour();
    around(size, x, y, radius, (index, dx, dy) => {
      const far = length(dx * cos + dy * sin, (dy * cos - dx * sin) * stretch) / radius;
      if (far < 1) blend(rgb, index, colour, options.share * smoothstep(1, inner, far));
    });
  }
}
