import type { TrainingPhotos } from './distribution.ts';

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
