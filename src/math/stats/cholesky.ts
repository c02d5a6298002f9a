/**
 * Lower triangle L of a positive definite matrix, A = L L^T; in place, and only A's lower triangle is read.
 * @param matrix float64 [size, size] row-major
 */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  for (let k = 0; k < size; k++)
    for (let l = 0; l <= k; l++) {
      let sum = matrix[k * size + l]!;
      for (let j = 0; j < l; j++) sum -= matrix[k * size + j]! * matrix[l * size + j]!;
      matrix[k * size + l] = k === l ? Math.sqrt(sum) : sum / matrix[l * size + l]!;
    }
  return matrix;
}

/** x of L L^T x = right, in place of `right`. @param lower from `cholesky` */
export function solveCholesky(lower: Float64Array, size: number, right: Float64Array): Float64Array {
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
