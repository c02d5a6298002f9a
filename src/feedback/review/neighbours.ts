import type { Observation } from '../../contracts/loop/monitor.ts';
import { nearestRows } from '../../math/drift/nearest-rows.ts';

const nearestCount = 5;

export interface Placed {
  label: string | null;
  projection: Float32Array | null;
}

/**
 * How many of a photo's nearest labelled photos of the model's own data have another label than its answer, as a share 0..1, by the projections
 * of their embeddings. Null without projections to compare.
 */
export function otherNeighbours(reference: readonly Observation[]): (photo: Placed) => number | null {
  const size = reference.find(({ projection }) => projection !== null)?.projection?.length ?? 0;
  const labelled = reference.filter(({ truth, projection }) => truth?.label && projection?.length === size);
  const rows = new Float32Array(labelled.length * size);
  for (const [i, { projection }] of labelled.entries()) rows.set(projection!, i * size);
  return ({ label, projection }) => {
    if (label === null || projection?.length !== size || labelled.length < nearestCount) return null;
    const nearest = nearestRows(projection, rows, nearestCount);
    return nearest.rows.filter((row) => labelled[row]!.truth!.label !== label).length / nearestCount;
  };
}
