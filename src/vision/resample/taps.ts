export type Kernel = 'linear' | 'cubic' | 'lanczos3';

/** The part of one axis that is resampled, in source pixels. */
export interface Span {
  start: number;
  length: number;
}

/** Weighted sums of neighbours along one axis. */
export interface Taps {
  /** First source pixel of each target pixel. */
  starts: Int32Array;
  /** [target pixels, count], 14 fractional bits; those of a pixel add up to 1 exactly. */
  weights: Int16Array;
  /** Even. */
  count: number;
}

const one = 1 << 14;

/** Value at distance `x`, and the distance from which on it is 0. The cubic is Catmull and Rom's. */
const kernels: Record<Kernel, { reach: number; at: (x: number) => number }> = {
  linear: { reach: 1, at: (x) => 1 - x },
  cubic: { reach: 2, at: (x) => (x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((2.5 - 0.5 * x) * x - 4) * x + 2) },
  lanczos3: { reach: 3, at: (x) => sinc(x) * sinc(x / 3) },
};

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

const known = new Map<string, Taps>();
/** A table takes 0.2 ms; a service sees few sizes, but an attacker may send many. */
const mostKnown = 64;

/**
 * Antialiased: when the axis shrinks, the kernel is as much wider. Pixel n of an axis covers n to n + 1; no neighbour lies outside of the source.
 * @param source pixels
 * @param target pixels
 */
export function tapsOf(source: number, { start, length }: Span, target: number, kernel: Kernel): Taps {
  const key = `${source} ${start} ${length} ${target} ${kernel}`;
  const found = known.get(key);
  if (found) return found;
  if (known.size >= mostKnown) known.clear();
  const taps = computeTaps(source, { start, length }, target, kernel);
  known.set(key, taps);
  return taps;
}

function computeTaps(source: number, { start, length }: Span, target: number, kernel: Kernel): Taps {
  const { reach, at } = kernels[kernel];
  const scale = length / target;
  const widen = Math.max(1, scale);
  const rows = Array.from({ length: target }, (_, i) => {
    const centre = start + (i + 0.5) * scale;
    const first = Math.max(0, Math.ceil(centre - reach * widen - 0.5));
    const last = Math.min(source - 1, Math.floor(centre + reach * widen - 0.5));
    const values = [];
    for (let n = first; n <= last; n++) values.push(at(Math.min(reach, Math.abs(n + 0.5 - centre) / widen)));
    return { first, weights: fixed(values) };
  });
  const longest = Math.max(...rows.map(({ weights }) => weights.length));
  const count = longest + (longest & 1);
  const taps: Taps = { starts: new Int32Array(target), weights: new Int16Array(target * count), count };
  for (const [i, { first, weights }] of rows.entries()) {
    // Further to the front where the unused taps at the end would leave the source.
    const from = Math.max(0, Math.min(first, source - count));
    taps.starts[i] = from;
    taps.weights.set(weights, i * count + first - from);
  }
  return taps;
}

/** With a sum of exactly `one`, so that a flat picture stays flat: the largest takes what rounding left. */
function fixed(values: number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  const weights = values.map((value) => Math.round((value / sum) * one));
  const rest = one - weights.reduce((total, weight) => total + weight, 0);
  weights[weights.indexOf(Math.max(...weights))]! += rest;
  return weights;
}
