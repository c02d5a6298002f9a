/**
 * How far each row lies along the line from the first sample's mean to the second's.
 * @param rows float32 [n + m, size] row-major, the first n of one sample
 * @returns [n + m], from the first mean, in its own scale
 */
export function alongMeanShift(rows: Float32Array, size: number, n: number): Float64Array {
  const [before, now] = [meanRow(rows.subarray(0, n * size), size), meanRow(rows.subarray(n * size), size)];
  return Float64Array.from({ length: rows.length / size }, (_, i) =>
    before.reduce((along, mean, k) => along + (rows[i * size + k]! - mean) * (now[k]! - mean), 0),
  );
}

function meanRow(rows: Float32Array, size: number): Float64Array {
  const mean = new Float64Array(size);
  for (const [i, value] of rows.entries()) mean[i % size]! += (value * size) / rows.length;
  return mean;
}
