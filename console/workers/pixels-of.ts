import type { Picture } from '../../src/vision/resample/resample.ts';

/** Phones refuse larger canvases. */
const mostPixels = 16_000_000;

/** Upright 8-bit sRGB pixels of a photo, on white where it is transparent, as the server decodes it. */
export async function pixelsOf(photo: Blob): Promise<Picture> {
  const bitmap = await createImageBitmap(photo, { imageOrientation: 'from-image' });
  const scale = Math.min(1, Math.sqrt(mostPixels / (bitmap.width * bitmap.height)));
  const [width, height] = [Math.round(scale * bitmap.width), Math.round(scale * bitmap.height)];
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return { pixels: withoutAlpha(context.getImageData(0, 0, width, height).data), width, height };
}

/** @param rgba uint8 [pixels, 4] @returns uint8 [pixels, 3] */
export function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((3 * rgba.length) / 4);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!;
    rgb[to + 1] = rgba[from + 1]!;
    rgb[to + 2] = rgba[from + 2]!;
  }
  return rgb;
}
