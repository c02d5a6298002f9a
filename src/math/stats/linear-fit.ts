import { cholesky, solveCholesky } from './cholesky.ts';

/** y = intercept + weights . x */
export interface LinearFit {
  intercept: number;
  /** [size] */
  weights: Float64Array;
}

/** Of the mean variance of an axis: enough for axes that repeat each other. */
const ridge = 1e-3;

/**
 * Ridge regression with a free intercept, by the normal equations of centred rows.
 * @param rows [n, size] row-major @param targets one or more columns of n @param chosen rows that are fitted, by index
 */
export function linearFit(
  rows: ArrayLike<number>,
  size: number,
  targets: readonly ArrayLike<number>[],
  chosen: readonly number[],
): LinearFit[] {
  const mean = new Float64Array(size);
  for (const i of chosen) for (let d = 0; d < size; d++) mean[d]! += rows[i * size + d]! / chosen.length;
  const middles = targets.map((column) => chosen.reduce((sum, i) => sum + column[i]!, 0) / chosen.length);
  const matrix = new Float64Array(size * size);
  const right = targets.map(() => new Float64Array(size));
  const row = new Float64Array(size);
  for (const i of chosen) {
    for (let d = 0; d < size; d++) row[d] = rows[i * size + d]! - mean[d]!;
    for (let k = 0; k < size; k++) {
      for (let l = 0; l <= k; l++) matrix[k * size + l]! += row[k]! * row[l]!;
      for (const [t, column] of targets.entries()) right[t]![k]! += row[k]! * (column[i]! - middles[t]!);
    }
  }
  let trace = 0;
  for (let d = 0; d < size; d++) trace += matrix[d * size + d]!;
  // rows that are all alike leave a matrix of zeros
  for (let d = 0; d < size; d++) matrix[d * size + d]! += (ridge * trace) / size || 1;
  const lower = cholesky(matrix, size);
  return right.map((column, t) => {
    const weights = solveCholesky(lower, size, column);
    return { weights, intercept: middles[t]! - weights.reduce((sum, weight, d) => sum + weight * mean[d]!, 0) };
  });
}

export function linearValue({ intercept, weights }: LinearFit, row: ArrayLike<number>): number {
  return weights.reduce((sum, weight, d) => sum + weight * row[d]!, intercept);
}
