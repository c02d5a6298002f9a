import type { Random } from '../../math/stats/random.ts';
import { rasteriseBlade, rasteriseStalk } from './blade.ts';
import { placeLeaf } from './placement.ts';
import type { Species } from './species.ts';

/** A leaf as fields over the picture; each float32 [size, size]. */
export interface Leaf {
  size: number;
  /** Pixels of this picture for one pixel of a 256-px picture. */
  unit: number;
  /** Share of the pixel that the leaf covers, 0..1. */
  cover: Float32Array;
  /** 1 on a vein. */
  vein: Float32Array;
  /** 0 on a side vein, 1 midway between two. */
  between: Float32Array;
  /** 0 on the midrib, 1 on the margin. */
  edge: Float32Array;
  /** Light that falls on it, about 1. */
  light: Float32Array;
  /** float32 [size, size, 3], its own colour, 0..1. */
  albedo: Float32Array;
  /** How much of the colour is a lesion's, 0..1. */
  lesion: Float32Array;
}

function emptyLeaf(size: number): Leaf {
  const field = () => new Float32Array(size * size);
  return {
    size,
    unit: size / 256,
    cover: field(),
    vein: field(),
    between: field(),
    edge: field(),
    light: field(),
    albedo: new Float32Array(size * size * 3),
    lesion: field(),
  };
}

/** Shape, veins and light of one leaf, wholly inside the picture; no colour yet. */
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

/** Indexes of pixels well inside the leaf. */
export function insidePixels(leaf: Leaf): Uint32Array {
  const inside = new Uint32Array(leaf.cover.length);
  let count = 0;
  for (let i = 0; i < leaf.cover.length; i++) if (leaf.cover[i]! > 0.95) inside[count++] = i;
  return inside.subarray(0, count);
}
