import type { Observation } from '../../contracts/monitor.ts';

/** Projected embeddings, float32 [reference + window, size] row-major. */
export function embeddingRows(
  reference: readonly Observation[],
  window: readonly Observation[],
): { rows: Float32Array; size: number } {
  const size = window[0]!.projection!.length;
  const rows = new Float32Array((reference.length + window.length) * size);
  [...reference, ...window].forEach(({ projection }, i) => rows.set(projection!, i * size));
  return { rows, size };
}
