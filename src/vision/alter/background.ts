import type { Random } from '../../math/stats/random.ts';
import { type Picture, resample } from '../resample/resample.ts';
import { drawNonLeaf } from '../sample/draw-non-leaf.ts';
import { findSubject, grid } from './find-subject.ts';

/** The subject before a drawn surface without plants; null without a clear subject. */
export function swapBackground({ pixels, width, height }: Picture, random: Random): Picture | null {
  const subject = findSubject({ pixels, width, height });
  if (subject === null) return null;
  const to = { width, height, fit: 'fill', kernel: 'linear' } as const;
  const scene = drawNonLeaf({ seed: random.uint32(), size: 256, scene: 'surface' });
  const ground = resample({ pixels: scene, width: 256, height: 256 }, to);
  const cover = resample({ pixels: asGrey(subject), width: grid, height: grid }, to);
  const out = pixels.map((value, i) => Math.round(ground[i]! + ((value - ground[i]!) * cover[i]!) / 255));
  return { pixels: out, width, height };
}

const asGrey = (mask: Uint8Array) =>
  Uint8Array.from({ length: 3 * mask.length }, (_, i) => 255 * mask[Math.trunc(i / 3)]!);
