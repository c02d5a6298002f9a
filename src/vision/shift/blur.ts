import type { Picture } from '../resample/resample.ts';

/** Gaussian blur as three box blurs of each axis, which together have its variance. @param sigma pixels */
export function blurred(photo: Picture, sigma: number): Picture {
  const { width, height } = photo;
  const radius = (Math.sqrt(4 * sigma * sigma + 1) - 1) / 2;
  let values = Float32Array.from(photo.pixels);
  for (let pass = 0; pass < 3; pass++) {
    values = boxed(values, { length: width, step: 3, lines: height, lineStep: 3 * width }, radius);
    values = boxed(values, { length: height, step: 3 * width, lines: width, lineStep: 3 }, radius);
  }
  return { width, height, pixels: Uint8Array.from(values, Math.round) };
}

interface Axis {
  length: number;
  step: number;
  lines: number;
  lineStep: number;
}

/** Mean of 2 r + 1 neighbours; the parts of a pixel at both ends count by their share. */
function boxed(
  values: Float32Array,
  { length, step, lines, lineStep }: Axis,
  radius: number,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length);
  const whole = Math.floor(radius);
  const part = radius - whole;
  const size = 2 * radius + 1;
  for (let line = 0; line < lines; line++) {
    for (let channel = 0; channel < 3; channel++) {
      const first = line * lineStep + channel;
      const at = (i: number) => values[first + Math.min(length - 1, Math.max(0, i)) * step]!;
      let sum = 0;
      for (let i = -whole; i <= whole; i++) sum += at(i);
      for (let i = 0; i < length; i++) {
        out[first + i * step] = (sum + part * (at(i - whole - 1) + at(i + whole + 1))) / size;
        sum += at(i + whole + 1) - at(i - whole);
      }
    }
  }
  return out;
}
