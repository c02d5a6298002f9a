import type { ImageFormat, ImageProperties } from '../contracts/artifacts/example.ts';
import type { Preprocess } from '../contracts/artifacts/signature.ts';
import { decode, fromRaw } from './decode.ts';
import { identifyFormat } from './identify.ts';
import { inspectImage, measuredSide } from './inspect.ts';
import { fitTo, toPixels } from './pixels.ts';
import { plainJpegSize } from './plain-jpeg.ts';
import { measure } from './properties.ts';

export interface PreparedPhoto {
  format: ImageFormat;
  properties: ImageProperties;
  /** uint8 [height, width, 3], the model's input, bit-identical to `toPixels`. */
  pixels: Uint8Array;
}

/**
 * Model input and properties of a photo. A small photo is decoded once instead of twice: 2.4 instead of 4.2 ms at 256 px.
 * @throws MitateError IMAGE_*
 */
export async function preparePhoto(bytes: Uint8Array, preprocess: Preprocess): Promise<PreparedPhoto> {
  const format = identifyFormat(bytes);
  if (isDecodedWhole(bytes, format, preprocess)) return prepareWhole(bytes, preprocess);
  const [pixels, { properties }] = await Promise.all([toPixels(bytes, preprocess), inspectImage(bytes)]);
  return { format, properties, pixels };
}

/**
 * Whether one decode serves both: measured at its own size, and too small for shrink-on-load (which starts at half size). Not with an EXIF
 * orientation: those photos are resized before they are rotated.
 */
function isDecodedWhole(bytes: Uint8Array, format: ImageFormat, preprocess: Preprocess): boolean {
  const size = format === 'jpeg' ? plainJpegSize(bytes) : null;
  if (!size) return false;
  const longest = Math.max(size.width, size.height);
  return longest <= measuredSide && longest < 2 * Math.min(preprocess.width, preprocess.height);
}

async function prepareWhole(bytes: Uint8Array, preprocess: Preprocess): Promise<PreparedPhoto> {
  return await decode(bytes, async (decoder, format) => {
    const { data, info } = await decoder.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    const fitting = fitTo(fromRaw(data, { width, height, channels: 3 }), preprocess)
      .raw()
      .toBuffer();
    const { measured } = measure(data, width, height);
    const pixels = await fitting;
    const properties = { width, height, aspect: width / height, ...measured };
    return { format, properties, pixels: new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.length) };
  });
}
