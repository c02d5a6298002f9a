import type { Random } from '../../math/stats/random.ts';
import { around, blend, length, smoothstep } from './canvas.ts';
import { type Colour, hsv, mix } from './colour.ts';
import type { Condition } from './labels.ts';
import { insidePixels, type Leaf } from './leaf.ts';
import { noise } from './noise.ts';

/** Paints a disease on the leaf's albedo and records where. `severity` 0.35..1. */
type Disease = (leaf: Leaf, random: Random, severity: number) => void;

function stain(leaf: Leaf, index: number, colour: Colour, share: number): void {
  if (share <= 0 || leaf.cover[index] === 0) return;
  blend(leaf.albedo, index, colour, share);
  leaf.lesion[index] = Math.max(leaf.lesion[index]!, share);
}

const spotKinds: readonly { centre: Colour; ring: Colour; halo: Colour }[] = [
  { centre: [0.62, 0.53, 0.4], ring: [0.26, 0.15, 0.12], halo: [0.78, 0.75, 0.25] },
  { centre: [0.36, 0.23, 0.12], ring: [0.2, 0.12, 0.06], halo: [0.72, 0.66, 0.2] },
  { centre: [0.72, 0.42, 0.12], ring: [0.48, 0.22, 0.07], halo: [0.8, 0.7, 0.25] },
  { centre: [0.17, 0.14, 0.1], ring: [0.1, 0.08, 0.06], halo: [0.6, 0.6, 0.2] },
];

/** Round spots: a centre, a dark ring, a yellow halo. */
const spot: Disease = (leaf, random, severity) => {
  const places = insidePixels(leaf);
  const kind = random.pick(spotKinds);
  const wobble = noise('cloud', random, 6 / leaf.unit);
  const mean = random.range(3.2, 5.6);
  const count = Math.round(((18 + 60 * severity) * 3) / mean);
  for (let n = 0; n < count; n++) {
    const at = places[random.int(places.length)]!;
    const radius = mean * random.range(0.6, 1.5) * leaf.unit;
    const halo = random.range(1.4, 2);
    around(leaf.size, at % leaf.size, Math.floor(at / leaf.size), radius * 2.4, (index, dx, dy) => {
      const far = (length(dx, dy) / radius) * (0.75 + 0.5 * wobble(index % leaf.size, index / leaf.size));
      if (far > halo) return;
      if (far > 1) return stain(leaf, index, kind.halo, 0.55 * smoothstep(halo, 1, far));
      stain(leaf, index, mix(kind.centre, kind.ring, smoothstep(0.35, 0.75, far)), 0.92 * smoothstep(1.08, 0.85, far));
    });
  }
};

/** Large dead patches that start at the margin, with concentric rings. */
const blight: Disease = (leaf, random, severity) => {
  const places = insidePixels(leaf);
  const dead = hsv(random.range(18, 38), random.range(0.3, 0.6), random.range(0.2, 0.5));
  const ring = mix(dead, [0.1, 0.07, 0.04], random.range(0.3, 0.6));
  const warp = noise('cloud', random, 1.6 / leaf.unit);
  const grain = noise('grain', random, 0.7 / leaf.unit);
  const pitch = random.range(1.1, 2) / leaf.unit;
  const count = 2 + random.int(2) + Math.round(3 * severity);
  for (let n = 0; n < count; n++) {
    let at = places[random.int(places.length)]!;
    for (let tries = 0; tries < 12 && leaf.edge[at]! < 0.55; tries++) at = places[random.int(places.length)]!;
    const radius = random.range(18, 26 + 28 * severity) * leaf.unit;
    around(leaf.size, at % leaf.size, Math.floor(at / leaf.size), radius * 1.8, (index, dx, dy) => {
      const [x, y] = [index % leaf.size, Math.floor(index / leaf.size)];
      const distance = length(dx, dy) * (0.55 + 0.9 * warp(x, y));
      const far = distance / radius;
      if (far > 1.25) return;
      if (far > 1) return stain(leaf, index, [0.72, 0.68, 0.24], 0.6 * smoothstep(1.25, 1, far));
      const rings = 0.5 + 0.5 * Math.sin(distance * pitch);
      const dark = Math.min(1, 0.75 * rings + smoothstep(0.8, 1, far) * 0.5) * (0.75 + 0.5 * grain(x, y));
      stain(leaf, index, mix(dead, ring, dark), 0.93 - 0.25 * leaf.vein[index]!);
    });
  }
};

/** White powder in merging patches; veins shine through. */
const mildew: Disease = (leaf, random, severity) => {
  const places = insidePixels(leaf);
  const powder = hsv(random.range(30, 120), random.range(0.02, 0.1), random.range(0.78, 0.95));
  const dust = noise('grain', random, 0.75 / leaf.unit);
  const clump = noise('cloud', random, 4 / leaf.unit);
  const count = 10 + Math.round(20 * severity);
  const thick = random.range(0.75, 0.95);
  for (let n = 0; n < count; n++) {
    const at = places[random.int(places.length)]!;
    const radius = random.range(9, 16 + 12 * severity) * leaf.unit;
    around(leaf.size, at % leaf.size, Math.floor(at / leaf.size), radius, (index, dx, dy) => {
      const [x, y] = [index % leaf.size, Math.floor(index / leaf.size)];
      const body = 1 - length(dx, dy) / radius;
      const share = smoothstep(
        0.35,
        0.85,
        0.75 * Math.sqrt(Math.max(0, body)) + 0.7 * (clump(x, y) - 0.5) + 0.2 * dust(x, y),
      );
      stain(leaf, index, powder, share * thick * (0.55 + 0.45 * dust(x, y)) * (1 - 0.35 * leaf.vein[index]!));
    });
  }
};

/** The tissue between the veins pales while the veins stay green. */
const yellowing: Disease = (leaf, random, severity) => {
  const pale = hsv(random.range(48, 62), random.range(0.45, 0.75), random.range(0.7, 0.88));
  const patches = noise('cloud', random, 0.7 / leaf.unit);
  const reach = 0.52 - 0.4 * severity;
  const depth = random.range(0.75, 0.95);
  for (let y = 0, i = 0; y < leaf.size; y++) {
    for (let x = 0; x < leaf.size; x++, i++) {
      if (leaf.cover[i] === 0 || leaf.between[i] === 0) continue;
      const spread = smoothstep(reach - 0.15, reach + 0.15, patches(x, y));
      stain(leaf, i, pale, depth * spread * smoothstep(0.15, 0.6, leaf.between[i]!) * (1 - leaf.vein[i]!));
    }
  }
};

const diseases: Record<Exclude<Condition, 'healthy'>, Disease> = { spot, blight, mildew, yellowing };

/** Nothing is painted on a healthy leaf. */
export function paintLesions(leaf: Leaf, condition: Condition, random: Random): void {
  if (condition !== 'healthy') diseases[condition](leaf, random, random.range(0.35, 1));
}
