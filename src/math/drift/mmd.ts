import { type PermutationOptions, type PermutationTest, permutationTest } from '../stats/permutation.ts';

/**
 * Maximum mean discrepancy (Gretton et al. 2012, the unbiased estimator) with a Gaussian kernel of the median distance's width, and its
 * permutation test.
 * @param rows float32 [n + m, size] row-major, the first n of one sample
 * @param options tolerance: of the discrepancy itself, which is a distance
 * @returns squared discrepancy (may be a little below 0) and its p
 */
export function mmdTest(rows: Float32Array, size: number, n: number, options: PermutationOptions): PermutationTest {
  const total = rows.length / size;
  const kernel = gaussianKernel(squaredDistances(rows, size), total);
  const sums = rowSums(kernel, total);
  const all = sums.reduce((sum, value) => sum + value, 0);
  const first = new Uint32Array(n);
  const statistic = (isFirst: Uint8Array) => {
    let filled = 0;
    for (let i = 0; i < total; i++) if (isFirst[i]) first[filled++] = i;
    const within = withinSum(kernel, total, first);
    const across = first.reduce((sum, i) => sum + sums[i]!, 0) - within;
    return discrepancy(within, across, all, n, total - n);
  };
  const observed = Math.max(0, statistic(new Uint8Array(total).fill(1, 0, n)));
  const beyond = Math.max(0, Math.sqrt(observed) - (options.tolerance ?? 0));
  return permutationTest(n, total - n, statistic, { ...options, tolerance: observed - beyond ** 2 });
}

function discrepancy(within: number, across: number, all: number, n: number, m: number): number {
  const other = all - within - 2 * across;
  return within / (n * (n - 1)) + other / (m * (m - 1)) - (2 * across) / (n * m);
}

/** Sum of the kernel over ordered pairs of the chosen rows; the diagonal is 0. */
function withinSum(kernel: Float32Array, total: number, chosen: Uint32Array): number {
  let sum = 0;
  for (let k = 0; k < chosen.length; k++) {
    const row = chosen[k]! * total;
    for (let l = k + 1; l < chosen.length; l++) sum += kernel[row + chosen[l]!]!;
  }
  return 2 * sum;
}

/**
 * Squared Euclidean distances of all pairs, float32 [N, N]: |a|^2 + |b|^2 - 2 a.b of the centred rows, two rows against four at a time in
 * float64 (float32 takes twice as long, since each number is widened).
 * @param rows float32 [N, size]
 */
export function squaredDistances(rows: Float32Array, size: number): Float32Array {
  const total = rows.length / size;
  const centred = centre(rows, size);
  const out = new Float32Array(total * total);
  const products = new Float64Array(8);
  for (let i = 0; i < total; i += 2)
    for (let j = i - (i % 4); j < total; j += 4) {
      eightProducts(centred, size, i * size, j * size, products);
      for (let k = 0; k < 8; k++) {
        const [row, column] = [i + (k >> 2), j + (k & 3)];
        if (row < total && column < total) out[row * total + column] = out[column * total + row] = products[k]!;
      }
    }
  const squares = Float32Array.from({ length: total }, (_, i) => out[i * total + i]!);
  for (let i = 0; i < total; i++)
    for (let j = 0; j < total; j++)
      out[i * total + j] = Math.max(0, squares[i]! + squares[j]! - 2 * out[i * total + j]!);
  return out;
}

/** Rows minus their mean, padded with rows of 0 to a multiple of 4. */
function centre(rows: Float32Array, size: number): Float64Array {
  const total = rows.length / size;
  const mean = new Float64Array(size);
  for (let from = 0; from < rows.length; from += size)
    for (let k = 0; k < size; k++) mean[k]! += rows[from + k]! / total;
  const centred = new Float64Array(Math.ceil(total / 4) * 4 * size);
  for (let from = 0; from < rows.length; from += size)
    for (let k = 0; k < size; k++) centred[from + k] = rows[from + k]! - mean[k]!;
  return centred;
}

/** Dot products of the two rows at `a` with the four at `b`. */
function eightProducts(rows: Float64Array, size: number, a: number, b: number, out: Float64Array): void {
  const [a1, b1, b2, b3] = [a + size, b + size, b + 2 * size, b + 3 * size];
  let [s0, s1, s2, s3, t0, t1, t2, t3] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let k = 0; k < size; k++) {
    const x = rows[a + k]!;
    const y = rows[a1 + k]!;
    const u = rows[b + k]!;
    const v = rows[b1 + k]!;
    const w = rows[b2 + k]!;
    const z = rows[b3 + k]!;
    s0 += x * u;
    s1 += x * v;
    s2 += x * w;
    s3 += x * z;
    t0 += y * u;
    t1 += y * v;
    t2 += y * w;
    t3 += y * z;
  }
  out.set([s0, s1, s2, s3, t0, t1, t2, t3]);
}

/** In place: exp(-distance / median distance), 0 on the diagonal. */
function gaussianKernel(distances: Float32Array, total: number): Float32Array {
  const upper = new Float32Array((total * (total - 1)) / 2);
  let filled = 0;
  for (let i = 0; i < total; i++) for (let j = i + 1; j < total; j++) upper[filled++] = distances[i * total + j]!;
  const median = upper.sort()[filled >> 1] || 1;
  for (let i = 0; i < distances.length; i++) distances[i] = Math.exp(-distances[i]! / median);
  for (let i = 0; i < total; i++) distances[i * total + i] = 0;
  return distances;
}

function rowSums(kernel: Float32Array, total: number): Float64Array {
  const sums = new Float64Array(total);
  for (let i = 0; i < kernel.length; i++) sums[Math.floor(i / total)]! += kernel[i]!;
  return sums;
}
