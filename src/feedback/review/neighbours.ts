import type { Observation } from '../../contracts/loop/monitor.ts';
import { nearestRows } from '../../math/drift/nearest-rows.ts';

const nearestCount = 5;

export interface Placed {
  label: string | null;
  projection: Float32Array | null;
}

/**
 * Share of a photo's five nearest labelled reference photos (by projected embedding) whose label differs from its answer, 0..1. Null without
 * projections.
 */
export function otherNeighbours(reference: readonly Observation[]): (photo: Placed) => number | null {
  const size = reference.find(({ projection }) => projection !== null)?.projection?.length ?? 0;
  const labelled = reference.filter(({ truth, projection }) => truth?.label && projection?.length === size);
  const rows = new Float32Array(labelled.length * size);
  for (const [i, { projection }] of labelled.entries()) rows.set(projection!, i * size);
  return ({ label, projection }) => {
    if (label === null || projection?.length !== size || labelled.length < nearestCount) return null;
    const nearest = nearestRows(projection, rows, nearestCount);
    return nearest.rows.filter((row) => labelled[row]?.truth?.label !== label).length / nearestCount;
  };
}
