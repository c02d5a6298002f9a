import type { DistributionReference } from '../../contracts/artifacts/drift-reference.ts';
import type { OutlierDetector } from '../../math/drift/outlier-detector.ts';

/** What an inference process needs beside the graph to serve a model. */
export interface ServedModel {
  /** K. */
  classes: number;
  /** D. */
  embeddingSize: number;
  /** Random axes on which the request log keeps embeddings. */
  projection: { seed: string; size: number };
  /** Null = none; no photo is out of distribution then. */
  trainingPhotos: TrainingPhotos | null;
  /** Answered and compared with training before the process takes photos. May be empty. */
  warmup: WarmupPhoto[];
}

export interface WarmupPhoto {
  image: Uint8Array;
  /** [K], as training answered. */
  probabilities: number[];
}

/** The training photos, as the distance of a new photo from them needs them. */
export interface TrainingPhotos {
  /** [n, size] on the axes of the projection. */
  rows: Float32Array;
  size: number;
  /** Example id of each row; empty for a model without ids. */
  ids: string[];
  /** Undefined in older models. */
  reference: DistributionReference | undefined;
  detector: OutlierDetector | null;
}
