import { Random } from '../../math/stats/random.ts';
import { paintBackground } from './backgrounds.ts';
import { expose } from './camera.ts';
import { createCanvas } from './canvas.ts';
import { castShadow, layOver } from './compose.ts';
import { growLeaf } from './grow-leaf.ts';
import { type Condition, type SampleLabel, sampleLabelNames, sampleLabels } from './labels.ts';
import type { Leaf } from './leaf.ts';
import { paintLesions } from './lesions.ts';
import { paintNuisances } from './nuisances.ts';
import { species } from './species.ts';
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
