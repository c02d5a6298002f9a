import type { Sharp } from 'sharp';
import type { ImageFormat } from '../contracts/artifacts/example.ts';
import { decode } from './decode.ts';
import { jpegSize } from './jpeg/frame.ts';
import type { Picture } from './resample/resample.ts';
import { sizeTurned, turned } from './turn.ts';

export interface DecodedPhoto extends Picture {
  format: ImageFormat;
  /** Pixels of the whole photo, upright. */
  fullWidth: number;
  fullHeight: number;
}

/**
 * The upright pixels of a photo. A large one is shrunk while it is decoded, by a factor that depends on the sizes alone.
 * @param side of what it will be resampled to: pixels. The shorter side of the result is at least 1.25 times as long, or the photo is whole
 * @throws MitateError IMAGE_*
 */
export function decodePixels(bytes: Uint8Array, side: number): Promise<DecodedPhoto> {
  return decode(bytes, async (decoder, { format, orientation }) => {
    const full = storedSize(bytes, format) ?? (await decoder.metadata());
    const { data, info } = await shrunk(decoder, full, shrinkOf(full, side))
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const [fullWidth, fullHeight] = sizeTurned(full, orientation);
    return {
      ...turned({ pixels: data, width: info.width, height: info.height }, orientation),
      format,
      fullWidth,
      fullHeight,
    };
  });
}

type Size = { width: number; height: number };

/** Just above the factors of a JPEG decoder, so that libvips uses them: 8, 4 and 2. */
const shrinks = [9, 5, 3];

/** The divisor of both sides; 1 = the photo is decoded whole. */
export function shrinkOf({ width, height }: Size, side: number): number {
  return shrinks.find((shrink) => Math.min(width, height) >= 1.25 * side * shrink) ?? 1;
}

function shrunk(decoder: Sharp, { width, height }: Size, shrink: number): Sharp {
  if (shrink === 1) return decoder;
  const size = { width: Math.floor(width / shrink), height: Math.floor(height / shrink) };
  return decoder.resize({ ...size, fit: 'fill', kernel: 'cubic' });
}

/** From the header, without the decoder: metadata() takes 0.4 ms. Null = not so simple. */
function storedSize(bytes: Uint8Array, format: ImageFormat): Size | null {
  if (format === 'jpeg') return jpegSize(bytes);
  if (format === 'webp' || bytes.length < 24) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
