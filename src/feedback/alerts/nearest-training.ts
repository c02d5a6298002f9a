import { readSignature } from '../../artifacts/model/model-files.ts';
import { readServedModel } from '../../artifacts/model/read-served-model.ts';
import { nearestRows } from '../../math/drift/nearest-rows.ts';

/**
 * Finds a model's training photos nearest to a projection.
 * @returns for a projection ([64]) the ids of at most `count` photos, nearest first; empty for a model without stored training photos
 */
export async function nearestTraining(
  modelUri: string,
  count: number,
): Promise<(projection: Float32Array | null) => string[]> {
  const { trainingPhotos } = await readServedModel(modelUri, await readSignature(modelUri));
  if (!trainingPhotos) return () => [];
  const { rows, ids, size } = trainingPhotos;
  return (projection) =>
    projection?.length === size ? nearestRows(projection, rows, count).rows.flatMap((row) => ids[row] ?? []) : [];
}
