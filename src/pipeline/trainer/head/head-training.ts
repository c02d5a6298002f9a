import type { EmbeddingSource } from '../../../artifacts/transform-graph/embedding-source.ts';
import type { MemberPlan } from './member.ts';

export interface HeadTraining extends MemberPlan {
  source: EmbeddingSource;
  /** Photos that choose the epoch; without them all epochs are run and the last is kept. */
  evalRows?: ArrayLike<number>;
  evalTargets?: ArrayLike<number>;
  /** View indexes averaged in the eval NLL. Default `[0]`. */
  evalViews?: readonly number[];
  /** Of each row of `rows`; the choice of a ridge head's penalty leaves groups out. Default: each photo is one. */
  groups?: readonly string[];
  /** Processes that train members in parallel; the bytes do not depend on it. Default 1. */
  processes?: number;
  signal?: AbortSignal;
  onEpoch?: (epoch: EpochRecord) => void;
}

/** How a ridge head's penalty was chosen. */
export interface RidgeChoice {
  /** Photos' worth of penalty. */
  strength: number;
  /** Penalties with the mean negative log-likelihood (nats) of left-out train photos; empty = given. */
  tried: { strength: number; nll: number }[];
}

/** One line of `history.jsonl`. */
export interface EpochRecord {
  /** From 1. */
  epoch: number;
  /** Nats; of a ridge head, the mean squared error of its logits. */
  loss: number;
  /** Mean negative log-likelihood of the eval photos, nats; null without eval photos. */
  evalNll: number | null;
  /** At the epoch's last step. */
  learningRate: number;
}
