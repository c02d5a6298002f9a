import type { EmbeddingSource } from '../../../artifacts/transform-graph/embedding-source.ts';
import type { MemberPlan } from './member.ts';

export interface HeadTraining extends MemberPlan {
  source: EmbeddingSource;
  /** Photos that choose the epoch; without them all epochs are run and the last is kept. */
  evalRows?: ArrayLike<number>;
  evalTargets?: ArrayLike<number>;
  /** View indexes averaged in the eval NLL. Default `[0]`. */
  evalViews?: readonly number[];
  /** Processes that train members in parallel; the bytes do not depend on it. Default 1. */
  processes?: number;
  signal?: AbortSignal;
  onEpoch?: (epoch: EpochRecord) => void;
}

/** One line of `history.jsonl`. */
export interface EpochRecord {
  /** From 1. */
  epoch: number;
  loss: number;
  /** Mean negative log-likelihood of the eval photos, nats; null without eval photos. */
  evalNll: number | null;
  /** At the epoch's last step. */
  learningRate: number;
}
