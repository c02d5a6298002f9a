import type { EmbeddingSource } from '../../src/artifacts/transform-graph/embedding-source.ts';

/** A source over rows in memory. `values`: [count * views, size], row-major. */
export function memorySource(values: Float32Array, size: number, views = 1): EmbeddingSource {
  return {
    count: values.length / size / views,
    views,
    size,
    read(rows, out) {
      for (let i = 0; i < rows.length; i++) {
        const start = (rows[i] as number) * size;
        out.set(values.subarray(start, start + size), i * size);
      }
    },
  };
}
