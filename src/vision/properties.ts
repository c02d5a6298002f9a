import type { ImageProperties } from '../contracts/artifacts/example.ts';
import { withMemory } from './resample/kernels.ts';

type Sums = [number, number, number, number, number, number, number];
type Measured = Omit<ImageProperties, 'width' | 'height' | 'aspect'>;

// Six significant digits: the log has millions of these numbers, and a photo's noise is far above 1e-6.
const short = (value: number) => Number(value.toPrecision(6));

/**
 * Luma is Rec. 601 of sRGB values (ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B), 0..255. Sharpness is the variance of its 4-neighbour Laplacian
 * over the inner pixels; 0 when there are none.
 * @param pixels uint8 [height, width, 3]
 * @returns the properties, and luma float32 [height, width], 0..255, valid until the next call or `resample`
 */
export function measure(pixels: Uint8Array, width: number, height: number): { measured: Measured; luma: Float32Array } {
  const count = width * height;
  const { kernels, at } = withMemory(3 * count, 4 * count, 7 * 8);
  const [source, lumaAt, sumsAt] = at;
  const memory = new Uint8Array(kernels.memory.buffer);
  memory.set(pixels, source);
  // the kernel takes four pixels at a time
  memory.fill(0, source + 3 * count, source + 3 * count + 9);
  kernels.sumUp(source, lumaAt, count, sumsAt);
  kernels.laplacian(lumaAt, width, height, sumsAt + 5 * 8);
  const sums = new Float64Array(kernels.memory.buffer, sumsAt, 7);
  const [red, green, blue, total, squares, laplacian, laplacianSquares] = [...sums] as Sums;
  const mean = total / count;
  const inner = Math.max(0, width - 2) * Math.max(0, height - 2);
  const measured = {
    brightness: short(mean / 255),
    contrast: short(Math.sqrt(variance(squares / count, mean)) / 255),
    sharpness: short(inner === 0 ? 0 : variance(laplacianSquares / inner, laplacian / inner)),
    red: short(red / count / 255),
    green: short(green / count / 255),
    blue: short(blue / count / 255),
  };
  return { measured, luma: new Float32Array(kernels.memory.buffer, lumaAt, count) };
}

const variance = (meanSquare: number, mean: number) => Math.max(0, meanSquare - mean * mean);
