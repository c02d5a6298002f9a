import type { HeadConfig } from '../../contracts/head-config.ts';
import type { EmbeddingSource } from './embedding-source.ts';

/** What `crossValidate` is given. */
export interface CrossValidation {
  source: EmbeddingSource;
  /** Class 0..classes-1 of each photo of the source. */
  targets: ArrayLike<number>;
  classes: number;
  /** Group of each photo; a group never crosses folds. */
  groups: readonly string[];
  folds: number;
  config: HeadConfig;
  seed: number | string;
  /** View indexes averaged at test. Default `[0]`. */
  testViews?: readonly number[];
  signal?: AbortSignal;
  onFold?: (done: number, total: number) => void;
}

/** Out-of-fold answers. */
export interface CrossValidated {
  /** Calibrated, [photos, classes] row-major; 0..1, rows sum to 1. */
  probabilities: Float64Array;
  /** Fold in which each photo was held out. */
  folds: Int32Array;
  /** Temperature of each fold's head. */
  temperatures: number[];
}
