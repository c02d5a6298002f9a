import { cholesky, solveCholesky } from '../stats/cholesky.ts';
import { type PermutationOptions, type PermutationTest, permute } from '../stats/permutation.ts';
import { Random } from '../stats/random.ts';
import { shuffleWithin } from '../stats/shuffle-within.ts';

export interface DomainClassifierOptions extends PermutationOptions {
  /** Parts of which each is scored by a classifier of the others. @default 5 */
  folds?: number;
  /** Added to the covariance's diagonal, as a share of its mean. @default 0.1 */
  ridge?: number;
}

export interface DomainTest extends PermutationTest {
  /** How much each row looks like the window rather than the reference: its rank within its fold, 0..1, [n + m]. */
  scores: Float64Array;
}

/**
 * How well a linear discriminant (Fisher 1936, ridge-regularised) tells two samples apart on rows that it was not fitted on: the mean of the
 * folds' areas under the ROC curve (0.5 = not at all), and its permutation test. The covariance is that of both samples together, which
 * gives the same direction as the pooled one (Sherman & Morrison 1950) and stays as it is when rows change sides, so that a permutation of
 * 1,200 rows takes 0.5 ms.
 * @param rows float32 [n + m, size] row-major, the reference's first
 * @param n rows of the reference; n and m at least `folds`
 */
export function domainClassifier(
  rows: Float32Array,
  size: number,
  n: number,
  options: DomainClassifierOptions,
): DomainTest {
  const { seed, folds: count = 5, ridge = 0.1 } = options;
  const total = rows.length / size;
  const folds = stratified(n, total, count, new Random(`${seed}:folds`));
  const fitted = folds.map((members) => ({ members, lower: covariance(rows, size, members, ridge) }));
  const scores = new Float64Array(total);
  const isWindow = new Uint8Array(total).fill(1, n);
  const auc = (ofFold: (values: Float64Array, members: Uint32Array) => void = () => {}) => {
    const sums = fitted.map(({ members }) => sideSums(rows, size, members, isWindow));
    let sum = 0;
    for (const [f, { members, lower }] of fitted.entries()) {
      const values = along(rows, members, solveCholesky(lower, size, meanDifference(sums, f, size)));
      ofFold(values, members);
      sum += foldAuc(values, members, isWindow);
    }
    return sum / count;
  };
  auc((values, members) => writeRanks(values, members, scores));
  const test = permute(
    isWindow,
    () => auc(),
    // so that each fold keeps its share of both
    (sides, random) => shuffleWithin(sides, folds, random),
    options,
  );
  return { ...test, scores };
}

/** Members of each fold, with the same share of both samples. */
function stratified(n: number, total: number, count: number, random: Random): Uint32Array[] {
  const folds: number[][] = Array.from({ length: count }, () => []);
  for (const [from, to] of [
    [0, n],
    [n, total],
  ] as const) {
    const order = random.shuffle(Uint32Array.from({ length: to - from }, (_, i) => from + i));
    order.forEach((i, place) => void folds[place % count]!.push(i));
  }
  return folds.map((members) => Uint32Array.from(members));
}

/** Cholesky factor of the ridged covariance of the rows outside the fold. */
function covariance(rows: Float32Array, size: number, held: Uint32Array, ridge: number): Float64Array {
  const total = rows.length / size;
  const isHeld = new Uint8Array(total);
  for (const i of held) isHeld[i] = 1;
  const mean = new Float64Array(size);
  for (let i = 0; i < total; i++) if (!isHeld[i]) for (let k = 0; k < size; k++) mean[k]! += rows[i * size + k]!;
  const count = total - held.length;
  const matrix = new Float64Array(size * size);
  const centred = new Float64Array(size);
  for (let i = 0; i < total; i++) {
    if (isHeld[i]) continue;
    for (let k = 0; k < size; k++) centred[k] = rows[i * size + k]! - mean[k]! / count;
    for (let k = 0; k < size; k++) {
      const value = centred[k]!;
      for (let l = 0; l <= k; l++) matrix[k * size + l]! += value * centred[l]!;
    }
  }
  let trace = 0;
  for (let k = 0; k < size; k++) trace += matrix[k * size + k]!;
  const added = (ridge * trace) / size || 1;
  for (let k = 0; k < size; k++) matrix[k * size + k]! += added;
  return cholesky(matrix, size);
}

interface SideSums {
  /** [2, size]: sums of the fold's rows of the reference, then of the window. */
  sums: Float64Array;
  counts: [number, number];
}

function sideSums(rows: Float32Array, size: number, members: Uint32Array, isWindow: Uint8Array): SideSums {
  const sums = new Float64Array(2 * size);
  let window = 0;
  for (const i of members) {
    const to = isWindow[i] ? size : 0;
    window += isWindow[i]!;
    const from = i * size;
    for (let k = 0; k < size; k++) sums[to + k]! += rows[from + k]!;
  }
  return { sums, counts: [members.length - window, window] };
}

/** Mean of the window less that of the reference, over all folds but one. */
function meanDifference(folds: readonly SideSums[], held: number, size: number): Float64Array {
  const sums = new Float64Array(2 * size);
  const counts = [0, 0];
  for (const [f, fold] of folds.entries()) {
    if (f === held) continue;
    for (let k = 0; k < 2 * size; k++) sums[k]! += fold.sums[k]!;
    counts[0]! += fold.counts[0];
    counts[1]! += fold.counts[1];
  }
  return Float64Array.from({ length: size }, (_, k) => sums[size + k]! / counts[1]! - sums[k]! / counts[0]!);
}

/** How far along the direction each member of a fold lies. */
function along(rows: Float32Array, members: Uint32Array, direction: Float64Array): Float64Array {
  const size = direction.length;
  const values = new Float64Array(members.length);
  for (let m = 0; m < members.length; m++) {
    const from = members[m]! * size;
    let value = 0;
    for (let k = 0; k < size; k++) value += rows[from + k]! * direction[k]!;
    values[m] = value;
  }
  return values;
}

/** Share of the pairs in which the window's value is larger; equal ones count half. */
function foldAuc(values: Float64Array, members: Uint32Array, isWindow: Uint8Array): number {
  const window = values.filter((_, m) => isWindow[members[m]!] === 1).sort();
  const reference = values.filter((_, m) => isWindow[members[m]!] === 0).sort();
  let [below, upTo, won] = [0, 0, 0];
  for (const value of window) {
    while (below < reference.length && reference[below]! < value) below++;
    while (upTo < reference.length && reference[upTo]! <= value) upTo++;
    won += (below + upTo) / 2;
  }
  return won / (window.length * reference.length);
}

/** Rank of each member within its fold, 0..1. */
function writeRanks(values: Float64Array, members: Uint32Array, scores: Float64Array): void {
  const order = Uint32Array.from(members.keys()).sort((a, b) => values[a]! - values[b]!);
  order.forEach((m, rank) => {
    scores[members[m]!] = (rank + 0.5) / members.length;
  });
}
