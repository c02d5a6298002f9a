import type { Random } from '../../math/stats/random.ts';
import { type Colour, hsv, mix } from './colour.ts';
import type { Leaf } from './leaf.ts';
import { noise } from './noise.ts';
import type { Species } from './species.ts';

/** Greens vary between plants, and some healthy leaves are yellow or red, as in autumn. */
function baseColours(species: Species, random: Random): { blade: Colour; patch: Colour; vein: Colour } {
  const autumn = random.float() < 0.1;
  const hue = autumn ? random.range(28, 64) : species.hue + 9 * random.normal();
  const blade = hsv(hue, random.range(0.3, 0.68), random.range(0.3, 0.72));
  const patch = hsv(hue + random.range(-16, 10), random.range(0.28, 0.68), random.range(0.28, 0.75));
  const vein = mix(blade, hsv(hue - 15, random.range(0.15, 0.4), random.range(0.6, 0.95)), random.range(0.3, 0.8));
  return { blade, patch, vein };
}

/** Colours the healthy tissue: patches, fine veins, grain. */
export function paintTissue(leaf: Leaf, species: Species, random: Random): void {
  const { blade, patch, vein } = baseColours(species, random);
  const { size, cover, albedo } = leaf;
  const patches = noise('cloud', random, random.range(0.3, 1.1) / leaf.unit);
  const grain = noise('grain', random, 0.9 / leaf.unit);
  const web = noise('web', random, random.range(0.9, 1.6) / leaf.unit);
  const mottled = random.range(0.15, 0.8);
  const rough = random.range(0.06, 0.22);
  const fineVeins = random.range(0.05, 0.3);
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) {
      if (cover[i] === 0) continue;
      const share = mottled * patches(x, y);
      const veined = Math.max(leaf.vein[i]!, fineVeins * web(x, y));
      const dark = 1 + rough * (grain(x, y) - 0.5) - 0.08 * leaf.between[i]!;
      for (let c = 0; c < 3; c++) {
        const tissue = (blade[c]! + (patch[c]! - blade[c]!) * share) * dark;
        albedo[3 * i + c] = tissue + (vein[c]! - tissue) * veined;
      }
    }
  }
}
