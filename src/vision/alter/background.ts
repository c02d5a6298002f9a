import type { Random } from '../../math/stats/random.ts';
import { type Picture, resample } from '../resample/resample.ts';
import { drawNonLeaf } from '../sample/draw-non-leaf.ts';
import { findSubject, grid } from './find-subject.ts';

/** Pixels per side of the drawing. */
const sceneSize = 128;

/** The subject before a drawn surface without plants; null without a clear subject. */
export function swapBackground({ pixels, width, height }: Picture, random: Random): Picture | null {
  const subject = findSubject({ pixels, width, height });
  if (subject === null) return null;
  const to = { width, height, fit: 'fill', kernel: 'linear' } as const;
  const scene = drawNonLeaf({ seed: random.uint32(), size: sceneSize, scene: 'surface' });
  const out = resample({ pixels: scene, width: sceneSize, height: sceneSize }, to);
  const cover = resample({ pixels: asGrey(subject), width: grid, height: grid }, to);
  for (let i = 0; i < out.length; i++) out[i] = Math.round(out[i]! + ((pixels[i]! - out[i]!) * cover[i]!) / 255);
  return { pixels: out, width, height };
}

/** uint8 [n] of 0 and 1 -> [n, 3] of 0 and 255. */
function asGrey(mask: Uint8Array): Uint8Array {
  const grey = new Uint8Array(3 * mask.length);
  for (let i = 0; i < mask.length; i++) grey.fill(255 * mask[i]!, 3 * i, 3 * i + 3);
  return grey;
}
