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
    let sum = right[k]!;
    for (let j = 0; j < k; j++) sum -= lower[k * size + j]! * right[j]!;
    right[k] = sum / lower[k * size + k]!;
  }
  // L^T by the rows of L, as they lie in memory
  for (let k = size - 1; k >= 0; k--) {
    const value = right[k]! / lower[k * size + k]!;
    right[k] = value;
    for (let j = 0; j < k; j++) right[j]! -= lower[k * size + j]! * value;
  }
  return right;
}
