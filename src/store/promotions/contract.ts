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
} from '../../contracts/loop/promotion.ts';

/** Where a promotion goes from its revision. */
export interface PromotionMove {
  state: PromotionState;
  step: number;
  gate: PromotionGate | null;
  at: Date;
  decision: Omit<PromotionDecision, 'at' | 'state'>;
  /** What the endpoint's deployments become in the same transaction; `promote` makes the plan's stable version champion. */
  change?: {
    plan: readonly DeploymentPlan[];
    expected: readonly DeploymentPlan[];
    action: 'deploy' | 'traffic' | 'promote' | 'undeploy';
  };
}

/** Changes of who is champion, step by step. One is active per endpoint. */
export interface PromotionStore {
  /**
   * The one that is active on the endpoint is superseded and its candidate taken down, in the same transaction; the same version already
   * on its way stays.
   * @throws ENDPOINT_UNKNOWN, MODEL_UNKNOWN, PROMOTION_ENDPOINT_EMPTY, PROMOTION_ALREADY_STABLE
   */
  open(wish: {
    endpoint: string;
    modelName: string;
    version: number;
    policy: PromotionPolicy;
    who: string;
    why: string;
    at: Date;
  }): Promise<Promotion>;
  get(id: string): Promise<Promotion | null>;
  /** Newest first. */
  list(filter?: { endpoint?: string; active?: boolean; before?: number; limit?: number }): Promise<Promotion[]>;
  /** Over all projects. */
  listActive(): Promise<Pick<Promotion, 'id' | 'project' | 'state'>[]>;
  /**
   * Moves on, with its decision and the endpoint's change, all or nothing.
   * @returns null when it was moved from this revision already, or has ended: then nothing was changed
   * @throws ENDPOINT_CHANGED when the endpoint is not as `expected`
   */
  move(id: string, revision: number, move: PromotionMove): Promise<Promotion | null>;
  /** Of the newest decision, when it was written after it. */
  nameArtifact(id: string, artifact: string): Promise<void>;
  /** Whether `by` may work on it until then: nobody else does. Again = longer. */
  claim(id: string, by: string, now: Date, until: Date): Promise<boolean>;
  unclaim(id: string, by: string): Promise<void>;
  /** Each person once per gate. @throws PROMOTION_ALREADY_SAID */
  addApproval(id: string, approval: Approval): Promise<void>;
  /** Oldest first. */
  listApprovals(id: string): Promise<Approval[]>;
  /** The newest answered requests of an endpoint with kept photos, newest first; of equal photos one that somebody labelled, else the newest. */
  replayable(endpoint: string, limit: number): Promise<ReplayableRequest[]>;
  /**
   * Photos of since the step began that the champion answered and the candidate saw as a shadow, oldest first.
   * @param isQuestion how sure an answer is: max(p, 1 - p), else p
   */
  answerPairs(promotion: Promotion, options: { limit: number; isQuestion: boolean }): Promise<AnswerPair[]>;
  /** @param slowMs answers slower than this are counted; @param isQuestion as for `answerPairs` */
  countArms(
    promotion: Promotion,
    options: { slowMs: number; isQuestion: boolean },
  ): Promise<{ champion: ArmCounts; candidate: ArmCounts }>;
  /** The share of the champion's answers before that moment that were faster, of its newest 1,000; null without any. */
  latencyBefore(promotion: Promotion, at: Date, share: number): Promise<number | null>;
}
