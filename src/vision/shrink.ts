import type { Preprocess } from '../contracts/artifacts/signature.ts';

/** Longest side, in pixels, at which properties are measured. Smaller photos are not enlarged. */
export const measuredSide = 256;

/** Just above the factors of a JPEG decoder, so that libvips uses them: 8, 4 and 2. */
const shrinks = [9, 5, 3];

/**
 * The divisor of both sides while a photo is decoded; 1 = it is decoded whole.
 * @param side of what it will be resampled to: pixels
 */
export function shrinkOf({ width, height }: { width: number; height: number }, side: number): number {
  return shrinks.find((shrink) => Math.min(width, height) >= 1.25 * side * shrink) ?? 1;
}

/** Of a photo for a model, and for measuring. */
export const sideFor = ({ width, height }: Pick<Preprocess, 'width' | 'height'>) =>
  Math.max(width, height, measuredSide);
