import { rocAuc } from '../metrics/roc-auc.ts';
import { Random } from '../stats/random.ts';

export interface DomainClassifierOptions {
  seed: number | string;
  /** Parts of which each is scored by a classifier of the others. Default 5. */
  folds?: number;
  /** Added to the pooled covariance's diagonal, as a share of its mean. Default 0.1. */
  ridge?: number;
}

export interface DomainScores {
  /** P(a window row scores above a reference row), cross-fitted: 0.5 = they cannot be told apart. */
  auc: number;
  /** How much each row looks like the window rather than the reference, [n + m], higher = more. */
  scores: Float64Array;
}

/**
 * How well a linear discriminant (Fisher 1936, ridge-regularised) tells two samples apart, on rows that it was not fitted on.
 * @param rows float32 [n + m, size] row-major, the reference's first @param n rows of the reference
 */
export function domainClassifier(
  rows: Float32Array,
  size: number,
  n: number,
  options: DomainClassifierOptions,
): DomainScores {
  const { seed, folds = 5, ridge = 0.1 } = options;
  const total = rows.length / size;
  const fold = stratifiedFolds(n, total, folds, new Random(seed));
  const scores = new Float64Array(total);
  for (let held = 0; held < folds; held++) {
    const direction = discriminant(rows, size, n, (i) => fold[i] !== held, ridge);
    const fitted: number[] = [];
    for (let i = 0; i < total; i++) if (fold[i] === held) fitted.push(i);
    // folds have classifiers of their own: ranks are what they share
    const raw = fitted.map((i) => dot(rows, i * size, direction));
    const order = raw.map((_, k) => k).sort((x, y) => raw[x]! - raw[y]!);
    order.forEach((k, rank) => {
      scores[fitted[k]!] = (rank + 0.5) / fitted.length;
    });
  }
  const isWindow = Uint8Array.from({ length: total }, (_, i) => (i < n ? 0 : 1));
  return { auc: rocAuc(scores, isWindow), scores };
}

/** The same share of both samples in each fold. */
function stratifiedFolds(n: number, total: number, folds: number, random: Random): Uint8Array {
  const fold = new Uint8Array(total);
  for (const [from, to] of [
    [0, n],
    [n, total],
  ] as const) {
    const order = random.shuffle(Uint32Array.from({ length: to - from }, (_, i) => from + i));
    order.forEach((i, place) => {
      fold[i] = place % folds;
    });
  }
  return fold;
}

/** (pooled covariance + ridge)^-1 (mean of the window - mean of the reference). */
function discriminant(
  rows: Float32Array,
  size: number,
  n: number,
  uses: (i: number) => boolean,
  ridge: number,
): Float64Array {
  const total = rows.length / size;
  const means = [new Float64Array(size), new Float64Array(size)];
  const counts = [0, 0];
  for (let i = 0; i < total; i++) {
    if (!uses(i)) continue;
    const side = i < n ? 0 : 1;
    counts[side]!++;
    for (let k = 0; k < size; k++) means[side]![k]! += rows[i * size + k]!;
  }
  for (const side of [0, 1]) means[side] = means[side]!.map((sum) => sum / Math.max(1, counts[side]!));
  const covariance = new Float64Array(size * size);
  const centred = new Float64Array(size);
  for (let i = 0; i < total; i++) {
    if (!uses(i)) continue;
    const mean = means[i < n ? 0 : 1]!;
    for (let k = 0; k < size; k++) centred[k] = rows[i * size + k]! - mean[k]!;
    for (let k = 0; k < size; k++) {
      const value = centred[k]!;
      for (let l = 0; l <= k; l++) covariance[k * size + l]! += value * centred[l]!;
    }
  }
  let trace = 0;
  for (let k = 0; k < size; k++) trace += covariance[k * size + k]!;
  const added = (ridge * trace) / size || 1;
  for (let k = 0; k < size; k++) covariance[k * size + k]! += added;
  return solve(
    covariance,
    Float64Array.from(means[1]!, (value, k) => value - means[0]![k]!),
    size,
  );
}

function dot(rows: Float32Array, from: number, direction: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < direction.length; k++) sum += rows[from + k]! * direction[k]!;
  return sum;
}

/** Cholesky; only the lower triangle of a positive definite matrix is read, and it is overwritten. */
function solve(lower: Float64Array, right: Float64Array, size: number): Float64Array {
  for (let k = 0; k < size; k++)
    for (let l = 0; l <= k; l++) {
      let sum = lower[k * size + l]!;
      for (let j = 0; j < l; j++) sum -= lower[k * size + j]! * lower[l * size + j]!;
      lower[k * size + l] = k === l ? Math.sqrt(sum) : sum / lower[l * size + l]!;
    }
  for (let k = 0; k < size; k++) {
    for (let j = 0; j < k; j++) right[k]! -= lower[k * size + j]! * right[j]!;
    right[k]! /= lower[k * size + k]!;
  }
  for (let k = size - 1; k >= 0; k--) {
    for (let j = k + 1; j < size; j++) right[k]! -= lower[j * size + k]! * right[j]!;
    right[k]! /= lower[k * size + k]!;
  }
  return right;
}
