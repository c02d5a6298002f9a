import { qualityHints } from '../../src/inference/quality.ts';
import { measure } from '../../src/vision/properties.ts';
import { withoutAlpha } from './pixels-of.ts';

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
  const { measured } = measure(withoutAlpha(new Uint8ClampedArray(data.rgba)), width, height);
  postMessage(qualityHints({ ...measured, ...full, aspect: full.width / full.height }, input));
});
