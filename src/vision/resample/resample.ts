import { withMemory } from './kernels.ts';
import { type Kernel, type Span, type Taps, tapsOf } from './taps.ts';

/** uint8 [height, width, 3], RGB. */
export interface Picture {
  pixels: Uint8Array;
  width: number;
  height: number;
}

export interface Target {
  /** Pixels. */
  width: number;
  height: number;
  /** `fill` takes the whole picture, whatever its aspect ratio; `cover` the largest part of the target's ratio in its middle. */
  fit: 'fill' | 'cover';
  kernel: Kernel;
}

/** Bytes of the source that are in WebAssembly's memory at a time; it does not shrink again. */
const bandBytes = 1 << 20;

/**
 * The picture in another size: rows first, then columns, on integers, so equal pixels give equal pixels on any machine and in any browser.
 * Between the two passes values have 6 fractional bits. 256 to 224 px: 0.4 ms.
 */
export function resample({ pixels, width, height }: Picture, target: Target): Uint8Array {
  const [spanX, spanY] = spans(width, height, target);
  const across = tapsOf(width, spanX, target.width, target.kernel);
  const down = tapsOf(height, spanY, target.height, target.kernel);
  const samples = 3 * width;
  // Pixels past the end of a row are read with weight 0 when there are fewer than taps.
  const stride = (3 * Math.max(width, across.count) + 7) & ~7;
  const out = new Uint8Array(3 * target.width * target.height);
  for (let from = 0; from < target.height; ) {
    const band = bandOf(down, from, samples);
    const rows = band.weights.length / down.count;
    const { kernels, at } = withMemory(
      band.rows * samples,
      2 * stride * rows,
      3 * target.width * rows,
      band.starts.byteLength,
      band.weights.byteLength,
      across.starts.byteLength,
      across.weights.byteLength,
    );
    const [source, between, result, bandStarts, bandWeights, starts, weights] = at;
    const { buffer } = kernels.memory;
    const memory = new Uint8Array(buffer);
    memory.set(pixels.subarray(band.firstRow * samples, (band.firstRow + band.rows) * samples), source);
    new Int32Array(buffer, bandStarts).set(band.starts);
    new Int16Array(buffer, bandWeights).set(band.weights);
    new Int32Array(buffer, starts).set(across.starts);
    new Int16Array(buffer, weights).set(across.weights);
    kernels.vertical(source, between, samples, stride, bandStarts, bandWeights, down.count, rows);
    kernels.horizontal(between, result, stride, starts, weights, across.count, target.width, rows);
    out.set(memory.subarray(result, result + 3 * target.width * rows), 3 * target.width * from);
    from += rows;
  }
  return out;
}

function spans(width: number, height: number, target: Target): [Span, Span] {
  if (target.fit === 'fill')
    return [
      { start: 0, length: width },
      { start: 0, length: height },
    ];
  const scale = Math.min(width / target.width, height / target.height);
  const middle = (length: number, size: number) => ({ start: (size - length) / 2, length });
  return [middle(scale * target.width, width), middle(scale * target.height, height)];
}

/** The target rows from `from` on whose source rows fit into the memory, at least one. */
function bandOf({ starts, weights, count }: Taps, from: number, samples: number) {
  const firstRow = starts[from]!;
  const most = firstRow + Math.max(count, Math.floor(bandBytes / samples));
  let to = from + 1;
  while (to < starts.length && starts[to]! + count <= most) to++;
  return {
    firstRow,
    /** With those past the end of the picture that have weight 0. */
    rows: starts[to - 1]! + count - firstRow,
    starts: starts.subarray(from, to).map((start) => start - firstRow),
    weights: weights.subarray(count * from, count * to),
  };
}
