import type { Example } from '../../contracts/artifacts/example.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import { Random } from '../../math/stats/random.ts';
import type { Answers } from './answers.ts';

/** For figures that take new predictions, on a sample of the test split. */
export interface SampleInput {
  examplesUri: string;
  /** Of the test split, and the model's answers to them. */
  examples: readonly Example[];
  answers: Answers;
  signature: Signature;
  pool: InferencePool;
  /** Loaded in the pool. */
  model: string;
  /** Most photos of the sample. */
  photos: number;
  /** Photos processed at once. */
  inFlight: number;
  resamples: number;
  seed: number;
  signal: AbortSignal;
  onPhoto(done: number, total: number): void;
}

/** Rows in ascending order, drawn without replacement. */
export function sampleOf(rows: number, most: number, seed: string): number[] {
  const all = Array.from({ length: rows }, (_, row) => row);
  return new Random(seed)
    .shuffle(all)
    .slice(0, most)
    .sort((a, b) => a - b);
}
