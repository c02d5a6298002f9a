import type { ImageProperties } from '../contracts/artifacts/example.ts';
import { measure } from './properties.ts';
import { type Picture, resample } from './resample/resample.ts';
import { measuredSide } from './shrink.ts';

/** An upright photo, or a smaller copy of it. */
export interface UprightPhoto extends Picture {
  /** Pixels of the whole photo. */
  fullWidth: number;
  fullHeight: number;
}

/** The photo at the size that the whole one has when it is fitted into a square, never enlarged. */
export function inside(photo: UprightPhoto, longestSide: number): Picture {
  const { fullWidth, fullHeight } = photo;
  const scale = Math.min(1, longestSide / Math.max(fullWidth, fullHeight));
  const width = Math.max(1, Math.round(scale * fullWidth));
  const height = Math.max(1, Math.round(scale * fullHeight));
  if (width === photo.width && height === photo.height) return photo;
  return { pixels: resample(photo, { width, height, fit: 'fill', kernel: 'lanczos3' }), width, height };
}

/** Properties of a photo, and what they were measured on. Luma is valid until the next call. */
export function propertiesOf(photo: UprightPhoto) {
  const { fullWidth: width, fullHeight: height } = photo;
  const picture = inside(photo, measuredSide);
  const { measured, luma } = measure(picture.pixels, picture.width, picture.height);
  const properties: ImageProperties = { width, height, aspect: width / height, ...measured };
  return { properties, luma, picture };
}
