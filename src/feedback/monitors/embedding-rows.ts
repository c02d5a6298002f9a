import type { Observation } from '../../contracts/loop/monitor.ts';
import { Random } from '../../math/stats/random.ts';
import type { Check } from './monitor-kind.ts';

/** Projections are stored as float16, up to 65,504; larger features overflow to Infinity. */
export function isPlaced({ projection }: Observation): boolean {
  return projection?.every(Number.isFinite) ?? false;
}

/** At most `most` observations of each side, drawn without repeats, and their rows, the reference's first. */
export function drawnRows({ reference, window, seed }: Check<unknown>, most: number) {
  const before = drawn(reference, most, `${seed}:reference`);
  const now = drawn(window, most, `${seed}:window`);
  return { before, now, ...embeddingRows([...before, ...now]) };
}

/** Projected embeddings, float32 [observations, size] row-major. */
export function embeddingRows(observations: readonly Observation[]): { rows: Float32Array; size: number } {
  const size = observations.at(0)?.projection?.length ?? 0;
  const rows = new Float32Array(observations.length * size);
  observations.forEach(({ projection }, i) => void rows.set(projection!, i * size));
  return { rows, size };
}

function drawn(observations: readonly Observation[], most: number, seed: string): readonly Observation[] {
  if (observations.length <= most) return observations;
  return new Random(seed).shuffle([...observations]).slice(0, most);
}
