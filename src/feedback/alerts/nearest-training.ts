import { readSignature } from '../../inference/model-files.ts';
import { readServedModel } from '../../inference/read-served-model.ts';
import { nearestRows } from '../../math/drift/nearest-rows.ts';

/**
 * Finds the training photos of a model that look most like others, by their projections.
 * @returns for a projection ([64]) the ids of at most `count` photos, nearest first; none for a model that does not name its photos
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
