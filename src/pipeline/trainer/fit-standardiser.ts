import type { EmbeddingSource, Standardiser } from './embedding-source.ts';
import { sourceRows } from './source-rows.ts';

const chunkPhotos = 64;

/**
 * Mean and standard deviation of each number over the given photos; a number that never changes gets scale 1.
 * @param chosen view indexes. Default: all
 */
export function fitStandardiser(
  source: EmbeddingSource,
  photos: ArrayLike<number>,
  chosen: readonly number[] = Array.from({ length: source.views }, (_, view) => view),
): Standardiser {
  const { size, views } = source;
  const sum = new Float64Array(size);
  const squares = new Float64Array(size);
  for (let start = 0; start < photos.length; start += chunkPhotos) {
    const rows = sourceRows(Array.prototype.slice.call(photos, start, start + chunkPhotos), views, chosen);
    const values = new Float32Array(rows.length * size);
    source.read(rows, values);
    for (let i = 0; i < values.length; ) {
      for (let k = 0; k < size; k++, i++) {
        sum[k] += values[i];
        squares[k] += values[i] * values[i];
      }
    }
  }
  const count = photos.length * chosen.length;
  const mean = Float32Array.from(sum, (value) => value / count);
  const variance = (k: number) => Math.max(0, squares[k] / count - (sum[k] / count) ** 2);
  const scale = Float32Array.from(sum, (_, k) => Math.sqrt(variance(k)));
  // Below a millionth the deviation is rounding.
  return { mean, scale: scale.map((value) => (value > 1e-6 ? value : 1)) };
}
