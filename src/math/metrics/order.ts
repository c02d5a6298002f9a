/** Indexes of the values from the highest to the lowest; equal values keep their order. */
export function descending(values: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[b]! - values[a]! || a - b);
}
