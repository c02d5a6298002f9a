import type { Random } from '../../math/stats/random.ts';
import type { Blade, Outline } from './species.ts';

/** Position of the leaf in the picture. */
export interface Placement {
  /** Pixels, of the leaf's base. */
  x: number;
  y: number;
  /** Pixels. */
  length: number;
  /** Radians. */
  angle: number;
  /** Sideways sag of a blade's midrib, in units of its length. */
  bend: number;
}

/** Length of the stalk below the blade, in units of the leaf's length. */
export const stalkLength = 0.1;
/** Free border, as a share of the picture: the leaf must not touch the border pixels that `inspect` samples. */
const margin = 0.035;

/** Points about the outline, in units of the leaf's length. */
function hull(blades: readonly Blade[], outline: Outline, bend: number): [number, number][] {
  const points: [number, number][] = [[-stalkLength, 0]];
  for (const { base, angle, length } of blades) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    for (let i = 0; i <= 16; i++) {
      for (const hand of [-1, 1] as const) {
        const along = (i / 16) * length;
        const across = (hand * outline.halfWidth(i / 16, hand) + bend * 4 * (i / 16) * (1 - i / 16)) * length;
        points.push([base[0] + along * cos - across * sin, base[1] + along * sin + across * cos]);
      }
    }
  }
  return points;
}

/** Random rotation, 85..100 % of the largest size that fits, at any position inside. */
export function placeLeaf(blades: readonly Blade[], outline: Outline, size: number, random: Random): Placement {
  const angle = random.range(0, 2 * Math.PI);
  const bend = random.range(-0.07, 0.07);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turned = hull(blades, outline, bend).map(([x, y]) => [x * cos - y * sin, x * sin + y * cos] as const);
  const [left, right] = [Math.min(...turned.map((p) => p[0])), Math.max(...turned.map((p) => p[0]))];
  const [top, bottom] = [Math.min(...turned.map((p) => p[1])), Math.max(...turned.map((p) => p[1]))];
  const room = size * (1 - 2 * margin);
  const length = (room / Math.max(right - left, bottom - top)) * random.range(0.85, 1);
  const x = margin * size - left * length + random.float() * (room - (right - left) * length);
  const y = margin * size - top * length + random.float() * (room - (bottom - top) * length);
  return { x, y, length, angle, bend };
}
