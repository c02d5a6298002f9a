import type { PhotoBehaviour } from '../../contracts/loop/behaviour.ts';
import type {
  AnswerPair,
  ArmCounts,
  PromotionCheck,
  PromotionGate,
  PromotionPolicy,
  PromotionState,
  SessionCounts,
} from '../../contracts/loop/promotion.ts';

/** The state of a promotion, as far as decisions need it. */
export interface PromotionProgress {
  state: PromotionState;
  /** Canary step, from 0; -1 = none yet. */
  step: number;
  gate: PromotionGate | null;
  policy: PromotionPolicy;
}

/** How two models answered the same labelled photos. */
export interface LabelledPairs {
  bothRight: number;
  bothWrong: number;
  candidateOnly: number;
  championOnly: number;
}

/** Result of replaying logged requests. */
export interface ReplayFacts {
  /** Photos that both models classified, each once. */
  photos: number;
  disagreed: number;
  /** Photos on which only the candidate failed. */
  failed: number;
  labelled: LabelledPairs;
}

export interface ShadowFacts {
  pairs: readonly AnswerPair[];
  labelled: LabelledPairs;
  /** Labels showed in the replay that the candidate is better. */
  wasBetter: boolean;
  /** By public id of the champion's answers; null or absent = the policy does not ask. */
  behaviour?: ReadonlyMap<string, PhotoBehaviour> | null;
}

export interface CanaryFacts {
  champion: ArmCounts;
  candidate: ArmCounts;
  /** Share of the two versions' traffic that goes to the candidate, 0..1. */
  share: number;
  /** Slower answers count as slow: twice the champion's 95th percentile before the promotion. */
  slowMs: number;
  /** Disagreement that replay or shadow measured and accepted, 0..1; null = neither ran. */
  knownDisagreement: number | null;
  /** Labels showed in replay or shadow that the candidate is better. */
  wasBetter: boolean;
  /** Null or absent = the policy does not ask. */
  behaviour?: { champion: SessionCounts; candidate: SessionCounts } | null;
}

export interface Facts {
  replay: ReplayFacts | null;
  shadow: ShadowFacts | null;
  canary: CanaryFacts | null;
  approved: ReadonlySet<PromotionGate>;
  /** Why an approver refused. */
  refused: string | null;
  /** Why a server could not load the candidate. */
  unready: string | null;
}

export type Decision =
  | { kind: 'stay'; why: string; checks: PromotionCheck[] }
  | {
      kind: 'go';
      state: PromotionState;
      step: number;
      gate: PromotionGate | null;
      why: string;
      checks: PromotionCheck[];
    };
