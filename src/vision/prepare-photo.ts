import type { ImageFormat, ImageProperties } from '../contracts/artifacts/example.ts';
import type { Preprocess } from '../contracts/artifacts/signature.ts';
import { inspectImage } from './inspect.ts';
import { propertiesOf } from './photo-properties.ts';
import { decodeFor, toPixels } from './pixels.ts';
import { resample } from './resample/resample.ts';
import { measuredSide, shrinkOf, sideFor } from './shrink.ts';

export interface PreparedPhoto {
  format: ImageFormat;
  properties: ImageProperties;
  /** uint8 [height, width, 3], the model's input, bit-identical to `toPixels`. */
  pixels: Uint8Array;
}

/**
 * Model input and properties of a photo, decoded once. Twice for models from before the resampler, and where a large model input needs more
 * pixels of a large photo than the properties are measured from.
 * @throws MitateError IMAGE_*
 */
export async function preparePhoto(bytes: Uint8Array, preprocess: Preprocess): Promise<PreparedPhoto> {
  if (!preprocess.resampler) {
    const [pixels, { format, properties }] = await Promise.all([toPixels(bytes, preprocess), inspectImage(bytes)]);
    return { format, properties, pixels };
  }
  const photo = await decodeFor(bytes, preprocess);
  const pixels = resample(photo, preprocess);
  const full = { width: photo.fullWidth, height: photo.fullHeight };
  const isMeasurable = shrinkOf(full, sideFor(preprocess)) === shrinkOf(full, measuredSide);
  const properties = isMeasurable ? propertiesOf(photo).properties : (await inspectImage(bytes)).properties;
  return { format: photo.format, properties, pixels };
}
