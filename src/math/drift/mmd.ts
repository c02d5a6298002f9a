import { type PermutationOptions, type PermutationTest, permutationTest } from '../stats/permutation.ts';

/**
 * Maximum mean discrepancy (Gretton et al. 2012, the unbiased estimator) with a Gaussian kernel as wide as the median distance, and its
 * permutation test.
 * @param rows float32 [n + m, size] row-major, the first n of one sample
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
  return permutationTest(n, total - n, statistic, options);
}

function discrepancy(within: number, across: number, all: number, n: number, m: number): number {
  const other = all - within - 2 * across;
  return within / (n * (n - 1)) + other / (m * (m - 1)) - (2 * across) / (n * m);
}

/** Sum of the kernel over ordered pairs of the chosen rows; the diagonal is 0. */
function withinSum(kernel: Float32Array, total: number, chosen: Uint32Array): number {
  let sum = 0;
  for (const i of chosen) {
    const row = i * total;
    for (let k = 0; k < chosen.length; k++) sum += kernel[row + chosen[k]!]!;
  }
  return sum;
}

/**
 * Squared Euclidean distances of all pairs, float32 [N, N]: |a|^2 + |b|^2 - 2 a.b of the centred rows, two rows against two at a time.
 * @param rows float32 [N, size]
 */
export function squaredDistances(rows: Float32Array, size: number): Float32Array {
  const total = rows.length / size;
  const centred = centre(rows, size);
  const out = new Float32Array(total * total);
  for (let i = 0; i < total; i += 2)
    for (let j = i; j < total; j += 2) {
      const products = fourProducts(centred, size, i, Math.min(i + 1, total - 1), j, Math.min(j + 1, total - 1));
      for (let k = 0; k < 4; k++) {
        const [row, column] = [i + (k >> 1), j + (k & 1)];
        if (row < total && column < total) out[row * total + column] = out[column * total + row] = products[k]!;
      }
    }
  const squares = Float32Array.from({ length: total }, (_, i) => out[i * total + i]!);
  for (let i = 0; i < total; i++)
    for (let j = 0; j < total; j++)
      out[i * total + j] = Math.max(0, squares[i]! + squares[j]! - 2 * out[i * total + j]!);
  return out;
}

function centre(rows: Float32Array, size: number): Float64Array {
  const mean = new Float64Array(size);
  for (let i = 0; i < rows.length; i++) mean[i % size]! += rows[i]!;
  const total = rows.length / size;
  return Float64Array.from(rows, (value, i) => value - mean[i % size]! / total);
}

const products = new Float64Array(4);

function fourProducts(rows: Float64Array, size: number, i0: number, i1: number, j0: number, j1: number): Float64Array {
  let ac = 0;
  let ad = 0;
  let bc = 0;
  let bd = 0;
  const a = i0 * size;
  const b = i1 * size;
  const c = j0 * size;
  const d = j1 * size;
  for (let k = 0; k < size; k++) {
    const p = rows[a + k]!;
    const q = rows[b + k]!;
    const r = rows[c + k]!;
    const s = rows[d + k]!;
    ac += p * r;
    ad += p * s;
    bc += q * r;
    bd += q * s;
  }
  products[0] = ac;
  products[1] = ad;
  products[2] = bc;
  products[3] = bd;
  return products;
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
