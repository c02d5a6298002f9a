import type { DeploymentPlan } from '../../contracts/endpoint.ts';
import type {
  AnswerPair,
  Approval,
  ArmCounts,
  Promotion,
  PromotionDecision,
  PromotionGate,
  PromotionPolicy,
  PromotionState,
  ReplayableRequest,
  SessionCounts,
} from '../../contracts/loop/promotion.ts';

/** The next state of a promotion. */
export interface PromotionMove {
  state: PromotionState;
  step: number;
  gate: PromotionGate | null;
  at: Date;
  decision: Omit<PromotionDecision, 'at' | 'state'>;
  /** Change of the endpoint's deployments in the same transaction; `promote` makes the plan's stable version champion. */
  change?: {
    plan: readonly DeploymentPlan[];
    expected: readonly DeploymentPlan[];
    action: 'deploy' | 'traffic' | 'promote' | 'undeploy';
  };
}

export interface NewPromotion {
  endpoint: string;
  modelName: string;
  version: number;
  policy: PromotionPolicy;
  who: string;
  why: string;
  at: Date;
}

/** Audited changes: only available inside `store.audited`. */
export interface PromotionChanges {
  /**
   * Supersedes the active promotion of the endpoint and undeploys its candidate, in the same transaction; if it has the same version, it
   * continues instead.
   * @throws ENDPOINT_UNKNOWN, MODEL_NOT_FOUND, PROMOTION_ENDPOINT_EMPTY, PROMOTION_ALREADY_STABLE
   */
  open(input: NewPromotion): Promise<Promotion>;
  /** Each user once per gate. @throws PROMOTION_ALREADY_SAID */
  addApproval(id: string, approval: Approval): Promise<void>;
}

/** Promotions from challenger to champion. One is active per endpoint. */
export interface PromotionStore extends PromotionChanges {
  get(id: string): Promise<Promotion | null>;
  /** Newest first. */
  list(filter?: { endpoint?: string; active?: boolean; before?: number; limit?: number }): Promise<Promotion[]>;
  /** Over all projects. */
  listActive(): Promise<Pick<Promotion, 'id' | 'project' | 'state'>[]>;
  /**
   * Advances the promotion, with its decision and the endpoint's change, all or nothing.
   * @returns null when it has advanced from this revision already or has ended; nothing is changed then
   * @throws ENDPOINT_CHANGED when the endpoint is not as `expected`
   */
  move(id: string, revision: number, move: PromotionMove): Promise<Promotion | null>;
  /** Sets the artifact of the newest decision, if it is written later. */
  nameArtifact(id: string, artifact: string): Promise<void>;
  /** Reserves the promotion for `by` until then; repeating it extends the claim. @returns false when another process has it */
  claim(id: string, by: string, now: Date, until: Date): Promise<boolean>;
  unclaim(id: string, by: string): Promise<void>;
  /** Oldest first. */
  listApprovals(id: string): Promise<Approval[]>;
  /** The newest successful requests with stored photos, newest first; of identical photos a labelled one, else the newest. */
  replayable(endpoint: string, limit: number): Promise<ReplayableRequest[]>;
  /**
   * Photos since the step began that the champion answered and the candidate saw as a shadow, oldest first.
   * @param isQuestion confidence is max(p, 1 - p), else p
   */
  answerPairs(promotion: Promotion, options: { limit: number; isQuestion: boolean }): Promise<AnswerPair[]>;
  /** @param slowMs requests slower than this are counted; @param isQuestion as for `answerPairs` */
  countArms(
    promotion: Promotion,
    options: { slowMs: number; isQuestion: boolean },
  ): Promise<{ champion: ArmCounts; candidate: ArmCounts }>;
  /** What users did with the answers since the step began. @param currency counts values in it; null = accepted answers */
  countSessions(
    promotion: Promotion,
    currency: string | null,
  ): Promise<{ champion: SessionCounts; candidate: SessionCounts }>;
  /** Latency quantile `share` (0..1) of the champion's newest 1,000 requests before `at`, in milliseconds; null without any. */
  latencyBefore(promotion: Promotion, at: Date, share: number): Promise<number | null>;
}
