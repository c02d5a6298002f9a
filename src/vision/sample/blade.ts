import type { Random } from '../../math/stats/random.ts';
import { around, length as distance, smoothstep } from './canvas.ts';
import type { Leaf } from './leaf.ts';
import { type Placement, stalkLength } from './placement.ts';
import type { Blade, Outline } from './species.ts';

/** How light falls on a blade; shares of the mean light. */
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

/** Draws one blade into the leaf's fields. */
export function rasteriseBlade(leaf: Leaf, place: Placement, blade: Blade, outline: Outline, relief: Relief): void {
  const { size, unit } = leaf;
  const [left, right] = [marginTable(outline, -1), marginTable(outline, 1)];
  const turn = place.angle + blade.angle;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const length = blade.length * place.length;
  const [baseCos, baseSin] = [Math.cos(place.angle), Math.sin(place.angle)];
  const x0 = place.x + (blade.base[0] * baseCos - blade.base[1] * baseSin) * place.length;
  const y0 = place.y + (blade.base[0] * baseSin + blade.base[1] * baseCos) * place.length;
  const reach = Math.hypot(0.5, 0.5) * length + 2;
  const [middleX, middleY] = [x0 + 0.5 * length * cos, y0 + 0.5 * length * sin];
  const bottom = Math.min(size - 1, Math.ceil(middleY + reach));
  const end = Math.min(size - 1, Math.ceil(middleX + reach));
  const slantOfVein = Math.hypot(1, outline.veinSlope);
  for (let y = Math.max(0, Math.floor(middleY - reach)); y <= bottom; y++) {
    for (let x = Math.max(0, Math.floor(middleX - reach)); x <= end; x++) {
      const along = ((x - x0) * cos + (y - y0) * sin) / length;
      if (along <= 0 || along >= 1) continue;
      const across = ((y - y0) * cos - (x - x0) * sin) / length - relief.bend * 4 * along * (1 - along);
      const hand = across < 0 ? -1 : 1;
      const far = Math.abs(across);
      const table = hand < 0 ? left : right;
      const at = Math.round(along * steps);
      const width = table.width[at]!;
      const cover = Math.min(1, (width - far) * length * table.slant[at]! + 0.5);
      if (cover <= 0) continue;
      const i = y * size + x;
      const shown = cover > 0.5 || leaf.cover[i]! === 0;
      leaf.cover[i] = cover + leaf.cover[i]! * (1 - cover);
      if (!shown) continue;

      const edge = Math.min(1, far / (width + 1e-6));
      const phase = (along - far * outline.veinSlope + 0.35 * far * far) * outline.veins + hand * 0.2;
      const offset = phase - Math.round(phase);
      const fromSideVein = (Math.abs(offset) / outline.veins / slantOfVein) * length;
      const midrib = relief.veinWidth * (1.25 - along) * unit;
      const side = relief.veinWidth * 0.55 * (1.1 - 0.8 * edge) * unit;
      const onMidrib = smoothstep(midrib + 0.7, midrib - 0.5, far * length);
      const onSide =
        smoothstep(side + 0.7, side - 0.5, fromSideVein) * (0.85 - 0.6 * edge) * smoothstep(0, 0.06, along);
      leaf.vein[i] = Math.max(onMidrib, onSide);
      leaf.between[i] = Math.min(1, 2.4 * Math.abs(offset)) * smoothstep(0.005, 0.05, far);
      leaf.edge[i] = edge;
      leaf.light[i] =
        1 +
        relief.tilt +
        relief.fold * Math.max(-1, Math.min(1, across * 25)) +
        relief.bulge * Math.sin(2 * Math.PI * offset) * hand * (1 - edge * edge) +
        relief.curl * (along - 0.5) +
        relief.rim * edge ** 4;
    }
  }
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
