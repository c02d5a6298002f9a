import { fromRaw } from './decode.ts';

/** Quality of JPEG files that Mitate writes: 88 keeps a 256-px leaf at about 20 KB. */
const quality = 88;

/** @param pixels uint8 [height, width, 3], RGB */
export function encodeJpeg(pixels: Uint8Array, width: number, height: number): Promise<Buffer> {
  return fromRaw(pixels, { width, height, channels: 3 }).jpeg({ quality }).toBuffer();
}

/** @param pixels uint8 [height, width, 3], RGB */
export function encodePng(pixels: Uint8Array, width: number, height: number): Promise<Buffer> {
  return fromRaw(pixels, { width, height, channels: 3 }).png().toBuffer();
}

/**
 * A grey PNG: 255 where the mask is set, else 0.
 * @param mask uint8 [height, width], 0 or not 0
 */
export function encodeMask(mask: Uint8Array, width: number, height: number): Promise<Buffer> {
  const grey = mask.map((value) => (value ? 255 : 0));
  return fromRaw(grey, { width, height, channels: 1 }).toColourspace('b-w').png().toBuffer();
}
