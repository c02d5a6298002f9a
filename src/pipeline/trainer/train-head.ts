import type { HeadConfig } from '../../contracts/head-config.ts';
import type { EmbeddingSource, Standardiser } from './embedding-source.ts';

/** What `trainHead` is given. */
export interface HeadTraining {
  source: EmbeddingSource;
  standardiser: Standardiser;
  /** Photos of `source` to learn from (photo numbers, not row numbers), and the class 0..classes-1 of each. */
  rows: ArrayLike<number>;
  targets: ArrayLike<number>;
  classes: number;
  config: HeadConfig;
  /** Same seed, data and config: same weights to the bit. */
  seed: number | string;
  /** Photos that choose the epoch; without them all epochs are run and the last is kept. */
  evalRows?: ArrayLike<number>;
  evalTargets?: ArrayLike<number>;
  /** View indexes averaged in the eval NLL. Default `[0]`. */
  evalViews?: readonly number[];
  signal?: AbortSignal;
  onEpoch?: (epoch: EpochRecord) => void;
}

/** One line of `history.jsonl`. */
export interface EpochRecord {
  /** From 1. */
  epoch: number;
  /** Mean training loss, nats. */
  loss: number;
  /** Mean negative log-likelihood of the eval photos, nats; null without eval photos. */
  evalNll: number | null;
  /** At the epoch's last step. */
  learningRate: number;
}
