import { cholesky, solveCholesky } from '../stats/cholesky.ts';

export interface LogisticOptions {
  /** Weights that the data move away from, [D]. */
  prior: readonly number[];
  /** Strength of the pull towards them: as much as so many rows of size 1. */
  ridge: number;
}

const mostSteps = 30;
const converged = 1e-8;

/**
 * Logistic regression of few numbers by Newton's method, with a ridge towards `prior`.
 * @param rows [n] of D numbers; a constant 1 among them is the intercept
 * @param hits 1 or 0, [n]
 * @returns weights [D]
 */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  hits: ArrayLike<number>,
  { prior, ridge }: LogisticOptions,
): Float64Array {
  const size = prior.length;
  const weights = Float64Array.from(prior);
  for (let step = 0; step < mostSteps; step++) {
    const slope = weights.map((weight, d) => ridge * (prior[d]! - weight));
    const curve = new Float64Array(size * size);
    for (let d = 0; d < size; d++) curve[d * size + d] = ridge;
    for (const [i, row] of rows.entries()) {
      const p = chanceOf(weights, row);
      for (let d = 0; d < size; d++) {
        slope[d]! += (hits[i]! - p) * row[d]!;
        for (let e = 0; e <= d; e++) curve[d * size + e]! += p * (1 - p) * row[d]! * row[e]!;
      }
    }
    const move = solveCholesky(cholesky(curve, size), size, slope);
    for (let d = 0; d < size; d++) weights[d]! += move[d]!;
    if (move.every((x) => Math.abs(x) < converged)) break;
  }
  return weights;
}

/** 0..1. @param row [D] */
export function chanceOf(weights: Float64Array, row: readonly number[]): number {
  return 1 / (1 + Math.exp(-row.reduce((sum, value, d) => sum + value * weights[d]!, 0)));
}
