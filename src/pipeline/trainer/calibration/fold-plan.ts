import type { HeadConfig } from '../../../contracts/artifacts/head-config.ts';

/** One fold of a cross-validation; it can be sent to another process. Photo numbers are those of the source. */
export interface FoldPlan {
  /** Photos to train on, and the class of each. */
  train: Int32Array;
  targets: Int32Array;
  /** Of each photo to train on. */
  groups: string[];
  /** Photos to predict. */
  heldOut: Int32Array;
  classes: number;
  config: HeadConfig;
  seed: string;
  testViews: readonly number[];
}
