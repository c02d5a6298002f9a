import type { DriftReference } from '../../contracts/artifacts/drift-reference.ts';
import type { OutlierDetector } from '../../math/drift/outlier-detector.ts';
import { fromFloat16 } from '../../math/stats/float16.ts';
import type { TrainingPhotos } from './served-model.ts';

/** What says how long the files of training photos are, and how they are used. */
export type TrainingReference = Pick<DriftReference, 'distribution'> & {
  projection: Pick<DriftReference['projection'], 'rows' | 'size' | 'ids'>;
};

export const rowBytes = ({ rows, size }: TrainingReference['projection']) => 2 * rows * size;
export const detectorBytes = (embeddingSize: number) => 4 * (embeddingSize + 1);

/**
 * The files beside a drift reference as numbers. Runs in browsers too.
 * @param rows of `rowBytes`: float16, little endian
 * @param detector of `detectorBytes`: weights and bias, float32, little endian; null = the model has none
 * @returns null when there are too few to measure distances
 */
export function trainingPhotosOf(
  { projection: { rows: count, size, ids = [] }, distribution }: TrainingReference,
  rows: DataView,
  detector: DataView | null,
): TrainingPhotos | null {
  if (count < 2) return null;
  const numbers = Float32Array.from({ length: count * size }, (_, i) => fromFloat16(rows.getUint16(2 * i, true)));
  return { rows: numbers, size, ids, reference: distribution, detector: detector && detectorOf(detector) };
}

function detectorOf(bytes: DataView): OutlierDetector {
  const size = bytes.byteLength / 4 - 1;
  const weights = Float32Array.from({ length: size }, (_, d) => bytes.getFloat32(4 * d, true));
  return { weights, bias: bytes.getFloat32(4 * size, true) };
}
