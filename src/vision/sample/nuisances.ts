import type { Random } from '../../math/stats/random.ts';
import { around, blend, length, randomTurn, smoothstep } from './canvas.ts';
import { hsv } from './colour.ts';
import { insidePixels, type Leaf } from './leaf.ts';
import { noise } from './noise.ts';

/** Occurs on healthy and diseased leaves alike, so that colour alone does not separate them. */
type Nuisance = (leaf: Leaf, random: Random) => void;

function someplace(leaf: Leaf, places: Uint32Array, random: Random): [x: number, y: number] {
  const at = places[random.int(places.length)] ?? 0;
  return [at % leaf.size, Math.floor(at / leaf.size)];
}

/** Splashed soil: crumbs with a hard, ragged edge and no halo, in drifts. */
const soil: Nuisance = (leaf, random) => {
  const places = insidePixels(leaf);
  const drift = someplace(leaf, places, random);
  const ragged = noise('grain', random, 0.5 / leaf.unit);
  const count = 20 + random.int(130);
  const wide = random.range(18, 70) * leaf.unit;
  const earth = [random.range(15, 40), random.range(0.25, 0.6), random.range(0.15, 0.5)] as const;
  for (let n = 0; n < count; n++) {
    const [x, y] = [drift[0] + wide * random.normal(), drift[1] + wide * random.normal()];
    const radius = random.range(0.5, 2) * leaf.unit;
    const colour = hsv(earth[0], earth[1], earth[2] * random.range(0.7, 1.3));
    around(leaf.size, x, y, radius + 1, (index, dx, dy) => {
      const far = length(dx, dy) + 1.6 * leaf.unit * (ragged(index % leaf.size, index / leaf.size) - 0.5);
      if (far < radius) blend(leaf.albedo, index, colour, 0.9);
    });
  }
};

/** Splashes of lime or bird droppings: white, smooth, hard-edged, in streaks. */
const lime: Nuisance = (leaf, random) => {
  const places = insidePixels(leaf);
  const white = hsv(random.range(30, 80), random.range(0, 0.1), random.range(0.75, 0.95));
  for (let n = 1 + random.int(7); n > 0; n--) {
    const [x, y] = someplace(leaf, places, random);
    const radius = random.range(2, 8) * leaf.unit;
    const { cos, sin } = randomTurn(random);
    const stretch = random.range(1, 3);
    around(leaf.size, x, y, radius, (index, dx, dy) => {
      const far = length(dx * cos + dy * sin, (dy * cos - dx * sin) * stretch) / radius;
      if (far < 1) blend(leaf.albedo, index, white, 0.85 * smoothstep(1, 0.8, far));
    });
  }
};

/** Water: dark at one rim, bright at the other, a glint. */
const drops: Nuisance = (leaf, random) => {
  const places = insidePixels(leaf);
  const { cos: lightX, sin: lightY } = randomTurn(random);
  for (let n = 4 + random.int(22); n > 0; n--) {
    const [x, y] = someplace(leaf, places, random);
    const radius = random.range(1.8, 6) * leaf.unit;
    around(leaf.size, x, y, radius, (index, dx, dy) => {
      const far = length(dx, dy) / radius;
      if (far >= 1) return;
      const lens = (dx * lightX + dy * lightY) / radius;
      leaf.light[index]! += (0.35 * lens - 0.1) * smoothstep(1, 0.8, far);
      const glint = length(dx + 0.45 * radius * lightX, dy + 0.45 * radius * lightY) / radius;
      blend(leaf.albedo, index, [1, 1, 1], 0.9 * smoothstep(0.3, 0.15, glint));
    });
  }
};

/** Holes from insects: the background shows through. */
const holes: Nuisance = (leaf, random) => {
  const places = insidePixels(leaf);
  const ragged = noise('cloud', random, 5 / leaf.unit);
  for (let n = 1 + random.int(6); n > 0; n--) {
    const [x, y] = someplace(leaf, places, random);
    const radius = random.range(2, 8) * leaf.unit;
    around(leaf.size, x, y, radius * 1.6, (index, dx, dy) => {
      const depth = radius - length(dx, dy) * (0.6 + 0.8 * ragged(index % leaf.size, index / leaf.size));
      if (depth > -leaf.unit) blend(leaf.albedo, index, [0.45, 0.4, 0.22], 0.35);
      leaf.cover[index]! *= 1 - Math.min(1, Math.max(0, depth));
    });
  }
};

/** Sun through a canopy: soft bands of light and shade. */
const dapple: Nuisance = (leaf, random) => {
  const shade = noise('cloud', random, random.range(0.25, 0.7) / leaf.unit);
  const depth = random.range(0.15, 0.45);
  const cut = random.range(0.4, 0.6);
  for (let y = 0, i = 0; y < leaf.size; y++) {
    for (let x = 0; x < leaf.size; x++, i++) {
      if (leaf.cover[i]! > 0) leaf.light[i]! *= 1 - depth * smoothstep(cut - 0.04, cut + 0.04, shade(x, y));
    }
  }
};

const nuisances: readonly (readonly [chance: number, Nuisance])[] = [
  [0.25, soil],
  [0.15, lime],
  [0.15, drops],
  [0.15, holes],
  [0.2, dapple],
];

export function paintNuisances(leaf: Leaf, random: Random): void {
  for (const [chance, nuisance] of nuisances) if (random.float() < chance) nuisance(leaf, random);
}
