import { qualityHints } from '../../src/inference/quality.ts';
import { measure } from '../../src/vision/properties.ts';

/** A frame of the camera, at most 256 pixels on its longest side, where the server measures too. */
export interface Frame {
  rgba: ArrayBuffer;
  width: number;
  height: number;
  /** Pixels of the photo that would be taken. */
  full: { width: number; height: number };
  /** Of the model. */
  input: { width: number; height: number };
}

/** By the formulas and limits of the server: what it would complain about. */
addEventListener('message', ({ data }: MessageEvent<Frame>) => {
  const { width, height, full, input } = data;
  const rgba = new Uint8ClampedArray(data.rgba);
  const rgb = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!;
    rgb[to + 1] = rgba[from + 1]!;
    rgb[to + 2] = rgba[from + 2]!;
  }
  const { measured } = measure(rgb, width, height);
  postMessage(qualityHints({ ...measured, ...full, aspect: full.width / full.height }, input));
});
