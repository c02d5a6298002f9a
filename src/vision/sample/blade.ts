import type { Random } from '../../math/stats/random.ts';
import { around, length as distance, smoothstep } from './canvas.ts';
import type { Leaf } from './leaf.ts';
import { type Placement, stalkLength } from './placement.ts';
import type { Blade, Outline } from './species.ts';

/** Light on a blade, as shares of the mean light. */
export interface Relief {
  /** Between the halves left and right of the midrib. */
  fold: number;
  /** Between the flanks of the cushion between two side veins. */
  bulge: number;
  /** From base to tip. */
  curl: number;
  /** Towards the margin. */
  rim: number;
  tilt: number;
  /** Pixels of a 256-px picture, half the midrib. */
  veinWidth: number;
  bend: number;
}

const steps = 512;

/** Half widths of one side, and the factor that makes a distance across the blade one to its slanted margin. */
function marginTable(outline: Outline, hand: -1 | 1): { width: Float32Array; slant: Float32Array } {
  const width = Float32Array.from({ length: steps + 1 }, (_, i) => outline.halfWidth(i / steps, hand));
  const slant = width.map((_, i) => {
    const slope = ((width[Math.min(steps, i + 1)]! - width[Math.max(0, i - 1)]!) * steps) / 2;
    return 1 / Math.hypot(1, slope);
  });
  return { width, slant };
}

/** Position of one blade: pixels and radians. */
interface Frame {
  x: number;
  y: number;
  cos: number;
  sin: number;
  length: number;
}

function frameOf(place: Placement, blade: Blade): Frame {
  const [cos, sin] = [Math.cos(place.angle), Math.sin(place.angle)];
  return {
    x: place.x + (blade.base[0] * cos - blade.base[1] * sin) * place.length,
    y: place.y + (blade.base[0] * sin + blade.base[1] * cos) * place.length,
    cos: Math.cos(place.angle + blade.angle),
    sin: Math.sin(place.angle + blade.angle),
    length: blade.length * place.length,
  };
}

/** Draws one blade into the leaf's fields. */
export function rasteriseBlade(leaf: Leaf, place: Placement, blade: Blade, outline: Outline, relief: Relief): void {
  const frame = frameOf(place, blade);
  const { cos, sin, length } = frame;
  const [left, right] = [marginTable(outline, -1), marginTable(outline, 1)];
  const [middleX, middleY] = [frame.x + 0.5 * length * cos, frame.y + 0.5 * length * sin];
  around(leaf.size, middleX, middleY, 0.71 * length + 2, (i, dx, dy) => {
    const along = (dx * cos + dy * sin) / length + 0.5;
    if (along <= 0 || along >= 1) return;
    const across = (dy * cos - dx * sin) / length - relief.bend * 4 * along * (1 - along);
    const far = Math.abs(across);
    const margin = across < 0 ? left : right;
    const at = Math.round(along * steps);
    const width = margin.width[at]!;
    const cover = Math.min(1, (width - far) * length * margin.slant[at]! + 0.5);
    if (cover <= 0) return;
    const shown = cover > 0.5 || leaf.cover[i]! === 0;
    leaf.cover[i] = cover + leaf.cover[i]! * (1 - cover);
    if (!shown) return;
    leaf.edge[i] = Math.min(1, far / (width + 1e-6));
    const offset = markVeins(leaf, i, along, across, length, outline, relief);
    leaf.light[i] = lightOn(leaf.edge[i]!, offset, along, across, relief);
  });
}

/** Midrib and side veins at one pixel. Returns the distance to the next side vein in units of their spacing, -0.5..0.5. */
function markVeins(
  leaf: Leaf,
  i: number,
  along: number,
  across: number,
  length: number,
  { veins, veinSlope }: Outline,
  { veinWidth }: Relief,
): number {
  const far = Math.abs(across);
  const edge = leaf.edge[i]!;
  const phase = (along - far * veinSlope + 0.35 * far * far) * veins + (across < 0 ? -0.2 : 0.2);
  const offset = phase - Math.round(phase);
  const fromSideVein = ((Math.abs(offset) / veins) * length) / Math.sqrt(1 + veinSlope * veinSlope);
  const midrib = veinWidth * (1.25 - along) * leaf.unit;
  const side = veinWidth * 0.55 * (1.1 - 0.8 * edge) * leaf.unit;
  const onMidrib = smoothstep(midrib + 0.7, midrib - 0.5, far * length);
  const onSide = smoothstep(side + 0.7, side - 0.5, fromSideVein) * (0.85 - 0.6 * edge) * smoothstep(0, 0.06, along);
  leaf.vein[i] = Math.max(onMidrib, onSide);
  leaf.between[i] = Math.min(1, 2.4 * Math.abs(offset)) * smoothstep(0.005, 0.05, far);
  return offset;
}

function lightOn(edge: number, offset: number, along: number, across: number, relief: Relief): number {
  const cushion = Math.sin(2 * Math.PI * offset) * Math.sign(across) * (1 - edge * edge);
  const half = Math.max(-1, Math.min(1, across * 25));
  const slope = relief.curl * (along - 0.5) + relief.rim * edge ** 4;
  return 1 + relief.tilt + relief.fold * half + relief.bulge * cushion + slope;
}

/** The stalk: below the blade, and up to `upTo` along the axis of a compound leaf. Units of the leaf's length. */
export function rasteriseStalk(leaf: Leaf, place: Placement, upTo: number, random: Random): void {
  const { size, unit } = leaf;
  const [cos, sin] = [Math.cos(place.angle), Math.sin(place.angle)];
  const radius = random.range(1.1, 2) * unit;
  const start = -stalkLength * random.range(0.5, 1) * place.length;
  const end = (upTo + 0.02) * place.length;
  const reach = (end - start) / 2 + radius + 1;
  const middle = (start + end) / 2;
  around(size, place.x + middle * cos, place.y + middle * sin, reach, (i, dx, dy) => {
    const along = dx * cos + dy * sin + middle;
    const across = dy * cos - dx * sin;
    const beyond = Math.max(0, start - along, along - end);
    const cover = Math.min(1, radius - distance(across, beyond) + 0.5);
    if (cover <= 0) return;
    leaf.cover[i] = cover;
    leaf.vein[i] = 1;
    leaf.light[i] = 0.85 + (0.25 * across) / radius;
  });
}
