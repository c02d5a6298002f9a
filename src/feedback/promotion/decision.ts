import type {
  AnswerPair,
  ArmCounts,
  PromotionCheck,
  PromotionGate,
  PromotionPolicy,
  PromotionState,
} from '../../contracts/loop/promotion.ts';

/** Where a promotion stands. */
export interface Standing {
  state: PromotionState;
  /** Of the canary; -1 = none yet. */
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

/** What replaying logged requests showed. */
export interface ReplayFacts {
  /** Different photos that both models answered. */
  photos: number;
  disagreed: number;
  /** Photos that the champion could answer and the candidate could not. */
  failed: number;
  labelled: LabelledPairs;
}

export interface ShadowFacts {
  pairs: readonly AnswerPair[];
  labelled: LabelledPairs;
  /** Labels of the replay showed it already. */
  wasBetter: boolean;
}

export interface CanaryFacts {
  champion: ArmCounts;
  candidate: ArmCounts;
  /** Share of the two versions' traffic that goes to the candidate, 0..1. */
  share: number;
  /** Answers above it are slow: twice the champion's 95th percentile from before the step. */
  slowMs: number;
  /** Share of disagreement that replay or shadow found and let pass; null = neither looked. */
  knownDisagreement: number | null;
  /** Labels of replay or shadow showed it. */
  wasBetter: boolean;
}

export interface Facts {
  replay: ReplayFacts | null;
  shadow: ShadowFacts | null;
  canary: CanaryFacts | null;
  /** The gates that were approved. */
  approved: ReadonlySet<PromotionGate>;
  /** Why an approver refused. */
  refused: string | null;
  /** Why the service could not take the candidate up. */
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
