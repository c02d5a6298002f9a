import type { ImageProperties } from '../contracts/example.ts';

type Measured = Omit<ImageProperties, 'width' | 'height' | 'aspect'>;

/** Channel means, 0..255. */
function channelMeans(pixels: Uint8Array): [number, number, number] {
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let p = 0; p < pixels.length; p += 3) {
    red += pixels[p]!;
    green += pixels[p + 1]!;
    blue += pixels[p + 2]!;
  }
  const count = pixels.length / 3;
  return [red / count, green / count, blue / count];
}

function meanAndDeviation(values: Float32Array): [mean: number, deviation: number] {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!;
    squares += values[i]! * values[i]!;
  }
  const mean = sum / values.length;
  return [mean, Math.sqrt(Math.max(0, squares / values.length - mean * mean))];
}

/** Variance of the 4-neighbour Laplacian over the inner pixels; 0 when there are none. */
function laplacianVariance(luma: Float32Array, width: number, height: number): number {
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * width + 1, end = (y + 1) * width - 1; i < end; i++) {
      const value = luma[i - 1]! + luma[i + 1]! + luma[i - width]! + luma[i + width]! - 4 * luma[i]!;
      sum += value;
      squares += value * value;
    }
  }
  const count = Math.max(0, width - 2) * Math.max(0, height - 2);
  return count === 0 ? 0 : Math.max(0, squares / count - (sum / count) ** 2);
}

// Six significant digits: the log holds these numbers by the million, and a photo's noise is far above 1e-6.
const short = (value: number) => Number(value.toPrecision(6));

/**
 * @param pixels uint8 [height, width, 3]
 * @param luma float32 [height, width], 0..255
 */
export function measure(pixels: Uint8Array, luma: Float32Array, width: number, height: number): Measured {
  const [mean, deviation] = meanAndDeviation(luma);
  const [red, green, blue] = channelMeans(pixels);
  return {
    brightness: short(mean / 255),
    contrast: short(deviation / 255),
    sharpness: short(laplacianVariance(luma, width, height)),
    red: short(red / 255),
    green: short(green / 255),
    blue: short(blue / 255),
  };
}
