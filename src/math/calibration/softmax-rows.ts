/**
 * Softmax of each row of logits / temperature.
 * @param logits [N, K]
 * @returns [N, K], 0..1, rows sum to 1
 */
export function softmaxRows(logits: ArrayLike<number>, classes: number, temperature = 1): Float64Array {
  const out = new Float64Array(logits.length);
  for (let start = 0; start < out.length; start += classes) {
    let highest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) highest = Math.max(highest, logits[start + k]!);
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      out[start + k] = Math.exp((logits[start + k]! - highest) / temperature);
      sum += out[start + k]!;
    }
    for (let k = 0; k < classes; k++) out[start + k]! /= sum;
  }
  return out;
}
