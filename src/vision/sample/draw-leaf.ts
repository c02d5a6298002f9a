import { Random } from '../../math/stats/random.ts';
import { paintBackground } from './backgrounds.ts';
import { rasteriseBlade, rasteriseStalk } from './blade.ts';
import { expose } from './camera.ts';
import { createCanvas } from './canvas.ts';
import { castShadow, layOver } from './compose.ts';
import { type Condition, type SampleLabel, sampleLabelNames, sampleLabels } from './labels.ts';
import { emptyLeaf, type Leaf } from './leaf.ts';
import { paintLesions } from './lesions.ts';
import { paintNuisances } from './nuisances.ts';
import { placeLeaf } from './placement.ts';
import { type Species, species } from './species.ts';
import { paintTissue } from './tissue.ts';

export interface DrawnLeaf {
  /** uint8 [size, size, 3], RGB. */
  pixels: Uint8Array;
  /** uint8 [size, size]: 1 where a lesion was drawn, else 0. All 0 on a healthy leaf. */
  mask: Uint8Array;
  label: SampleLabel;
  species: string;
  condition: Condition;
}

/** Lowest share of a lesion in a pixel's colour that sets the mask. */
const visible = 0.15;

function lesionMask(leaf: Leaf): Uint8Array {
  const mask = new Uint8Array(leaf.lesion.length);
  for (let i = 0; i < mask.length; i++) mask[i] = leaf.lesion[i]! * leaf.cover[i]! >= visible ? 1 : 0;
  return mask;
}

/**
 * Draws one leaf photo. Same arguments, same pixels. Background, light and camera have their own random streams, independent of the
 * label.
 * @param options.seed any text or unsigned 32-bit integer
 * @param options.label default: chosen by the seed
 * @param options.size pixels per side
 */
export function drawLeaf(options: { seed: number | string; label?: SampleLabel; size: number }): DrawnLeaf {
  const { seed, size } = options;
  const random = (purpose: string) => new Random(`${seed}:${purpose}`);
  const label = options.label ?? random('label').pick(sampleLabelNames);
  const { species: name, condition } = sampleLabels[label];
  const kind = species[name]!;
  const leaf = growLeaf(kind, size, random('shape'));
  paintTissue(leaf, kind, random('tissue'));
  paintLesions(leaf, condition, random('lesions'));
  paintNuisances(leaf, random('nuisances'));
  const canvas = createCanvas(size);
  const { far } = paintBackground(canvas, random('background'));
  if (!far) castShadow(canvas, leaf, random('shadow'));
  layOver(canvas, leaf, random('gloss'));
  return { pixels: expose(canvas, random('camera')), mask: lesionMask(leaf), label, species: name, condition };
}

/** Shape, veins and light of one leaf, fully inside the picture; no colour yet. */
function growLeaf(species: Species, size: number, random: Random): Leaf {
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
