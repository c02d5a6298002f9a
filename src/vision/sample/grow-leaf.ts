import type { Random } from '../../math/stats/random.ts';
import { rasteriseBlade, rasteriseStalk } from './blade.ts';
import { emptyLeaf, type Leaf } from './leaf.ts';
import { placeLeaf } from './placement.ts';
import type { Species } from './species.ts';

/** Shape, veins and light of one leaf, fully inside the picture; no colour yet. */
export function growLeaf(species: Species, size: number, random: Random): Leaf {
  const leaf = emptyLeaf(size);
  const outline = species.outline(random);
  const blades = species.blades(random);
  const place = placeLeaf(blades, outline, size, random);
  const relief = {
    fold: random.range(-0.16, 0.16),
    bulge: random.range(0.03, 0.13) * (random.float() < 0.5 ? -1 : 1),
    curl: random.range(-0.25, 0.25),
    rim: random.range(-0.2, 0.1),
    veinWidth: random.range(0.6, 1.15),
    bend: place.bend,
  };
  rasteriseStalk(leaf, place, blades.length > 1 ? 0.74 : 0, random);
  for (const blade of blades) {
    const tilt = blades.length > 1 ? random.range(-0.12, 0.12) : 0;
    rasteriseBlade(leaf, place, blade, outline, { ...relief, tilt });
  }
  return leaf;
}
