import { MitateError } from '../../errors/index.ts';

/** Rows of `size` numbers. */
export interface RowSource {
  size: number;
  /** Copies the rows, one after the other, into `out`. */
  read(rows: ArrayLike<number>, out: Float32Array): void;
}

const rowsAtOnce = 512;
/** Lowest scale, as a share of the median one: a nearly constant channel must not dominate in serving. */
const floorShare = 0.01;

/**
 * Mean and population standard deviation of each feature over the given rows, [D] each; the deviation is at least 1 % of the median one.
 * Rows are read in order and summed in float64, so the result is deterministic to the bit.
 * @throws TRANSFORM_TOO_FEW_PHOTOS, CANCELLED
 */
export function fitStandardiser(
  source: RowSource,
  rows: Int32Array,
  signal?: AbortSignal,
): { mean: Float32Array; scale: Float32Array } {
  const { size } = source;
  const total = rows.length;
  if (total < 2) throw new MitateError('TRANSFORM_TOO_FEW_PHOTOS', { count: total });
  const shift = new Float32Array(size);
  source.read(rows.subarray(0, 1), shift);
  const sum = new Float64Array(size);
  const squares = new Float64Array(size);
  const chunk = new Float32Array(rowsAtOnce * size);
  for (let from = 0; from < total; from += rowsAtOnce) {
    if (signal?.aborted) throw new MitateError('CANCELLED', {});
    const some = rows.subarray(from, from + rowsAtOnce);
    source.read(some, chunk.subarray(0, some.length * size));
    addRows(chunk, some.length, shift, sum, squares);
  }
  const mean = Float32Array.from(sum, (value, d) => shift[d]! + value / total);
  const scale = Float32Array.from(sum, (value, d) =>
    Math.sqrt(Math.max(0, squares[d]! / total - (value / total) ** 2)),
  );
  return { mean, scale: withFloor(scale) };
}

/** Sums relative to the first row: without the shift, a feature of mean 10 and deviation 0.001 would lose its variance. */
function addRows(
  chunk: Float32Array,
  count: number,
  shift: Float32Array,
  sum: Float64Array,
  squares: Float64Array,
): void {
  const size = shift.length;
  for (let row = 0; row < count; row++) {
    for (let d = 0; d < size; d++) {
      const value = chunk[row * size + d]! - shift[d]!;
      sum[d]! += value;
      squares[d]! += value * value;
    }
  }
}

function withFloor(scale: Float32Array): Float32Array {
  const median = scale.toSorted()[scale.length >> 1]!;
  const floor = median > 0 ? floorShare * median : 1;
  return scale.map((value) => Math.max(value, floor));
}
