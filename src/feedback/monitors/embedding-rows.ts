import type { Observation } from '../../contracts/loop/monitor.ts';
import { Random } from '../../math/stats/random.ts';

/** Projections are stored as float16, up to 65,504; larger features overflow to Infinity. */
export function isPlaced({ projection }: Observation): boolean {
  return projection?.every(Number.isFinite) ?? false;
}

/** Projected embeddings, float32 [observations, size] row-major. */
export function embeddingRows(observations: readonly Observation[]): { rows: Float32Array; size: number } {
  const size = observations[0]!.projection!.length;
  const rows = new Float32Array(observations.length * size);
  observations.forEach(({ projection }, i) => void rows.set(projection!, i * size));
  return { rows, size };
}

/** At most `most` of them, drawn without repeats. */
export function drawn(observations: readonly Observation[], most: number, seed: string): readonly Observation[] {
  if (observations.length <= most) return observations;
  return new Random(seed).shuffle([...observations]).slice(0, most);
}
