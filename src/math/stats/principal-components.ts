import { Random } from './random.ts';

export interface PrincipalComponents {
  /** Coordinates of each row: [n, 2], row-major. */
  scores: Float64Array;
  /** Share of the variance along each of the two axes, 0..1. */
  explained: [number, number];
}

const mostRounds = 60;
/** Of the cosine between an axis and itself a round before. */
const settled = 1e-7;

/**
 * The two directions of largest variance of the rows (Pearson 1901), by orthogonal iteration (Golub and Van Loan, Matrix Computations, 8.2.4) from a
 * seeded start. The sign of an axis is that of its largest entry, so that the same rows give the same map.
 * @param rows [n, size], row-major; centred in place
 */
export function principalComponents(rows: Float32Array, size: number): PrincipalComponents {
  const n = Math.floor(rows.length / size);
  centre(rows, n, size);
  const random = new Random('principal-components');
  const start = () => Float64Array.from({ length: size }, () => random.uint32() / 2 ** 31 - 1);
  let axes: [Float64Array, Float64Array] = [start(), start()];
  orthonormalise(axes);
  for (let round = 0; round < mostRounds; round++) {
    const next = multiply(rows, n, size, axes);
    orthonormalise(next);
    const moved = Math.max(...next.map((axis, i) => 1 - Math.abs(dot(axis, axes[i]!))));
    axes = next;
    if (moved < settled) break;
  }
  for (const axis of axes) pointUp(axis);
  const scores = new Float64Array(2 * n);
  const along: [number, number] = [0, 0];
  let total = 0;
  for (let i = 0; i < n; i++) {
    const row = rows.subarray(i * size, (i + 1) * size);
    for (const k of [0, 1] as const) {
      const score = dot(row, axes[k]);
      scores[2 * i + k] = score;
      along[k] += score * score;
    }
    total += dot(row, row);
  }
  return { scores, explained: [along[0] / (total || 1), along[1] / (total || 1)] };
}

function centre(rows: Float32Array, n: number, size: number): void {
  const mean = new Float64Array(size);
  for (let i = 0; i < n; i++) for (let d = 0; d < size; d++) mean[d]! += rows[i * size + d]! / n;
  for (let i = 0; i < n; i++) for (let d = 0; d < size; d++) rows[i * size + d]! -= mean[d]!;
}

/** The covariance times each axis, without making the covariance. */
function multiply(
  rows: Float32Array,
  n: number,
  size: number,
  [first, second]: readonly [Float64Array, Float64Array],
): [Float64Array, Float64Array] {
  const [a, b] = [new Float64Array(size), new Float64Array(size)];
  for (let i = 0; i < n; i++) {
    const at = i * size;
    let [x, y] = [0, 0];
    for (let d = 0; d < size; d++) {
      x += rows[at + d]! * first[d]!;
      y += rows[at + d]! * second[d]!;
    }
    for (let d = 0; d < size; d++) {
      a[d]! += x * rows[at + d]!;
      b[d]! += y * rows[at + d]!;
    }
  }
  return [a, b];
}

/** Gram-Schmidt. An axis without variance stays at zero. */
function orthonormalise([first, second]: readonly [Float64Array, Float64Array]): void {
  normalise(first);
  const shared = dot(first, second);
  for (let d = 0; d < second.length; d++) second[d]! -= shared * first[d]!;
  normalise(second);
}

function normalise(axis: Float64Array): void {
  const length = Math.sqrt(dot(axis, axis));
  for (let d = 0; d < axis.length; d++) axis[d] = length < 1e-12 ? 0 : axis[d]! / length;
}

function pointUp(axis: Float64Array): void {
  const largest = axis.reduce((best, each) => (Math.abs(each) > Math.abs(best) ? each : best), 0);
  if (largest < 0) for (let d = 0; d < axis.length; d++) axis[d] = -axis[d]!;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d]! * b[d]!;
  return sum;
}
