import type { TrainingPhotos } from './distribution.ts';

/** What an inference process must know of a model beside its graph to serve it. */
export interface ServedModel {
  /** K. */
  classes: number;
  /** D. */
  embeddingSize: number;
  /** The random axes that the request log keeps of an embedding. */
  projection: { seed: string; size: number };
  /** Null when the model brings none: then no photo is out of distribution. */
  trainingPhotos: TrainingPhotos | null;
  /** Answered and compared before the process takes photos. May be empty. */
  warmup: WarmupPhoto[];
}

export interface WarmupPhoto {
  image: Uint8Array;
  /** [K], as training answered. */
  probabilities: number[];
}
