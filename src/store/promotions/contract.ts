import type { DeploymentPlan } from '../../contracts/endpoint.ts';
import type {
  PromotionDecision,
  PromotionGate,
  PromotionPolicy,
  PromotionState,
} from '../../contracts/loop/promotion.ts';

export interface Promotion {
  seq: number;
  id: string;
  project: string;
  endpoint: string;
  /** The candidate. */
  modelName: string;
  version: number;
  /** What was stable when it began. */
  championName: string;
  championVersion: number;
  state: PromotionState;
  /** Of the canary, from 0; -1 = none yet. */
  step: number;
  stepSince: Date;
  /** What an approval is awaited for. */
  gate: PromotionGate | null;
  policy: PromotionPolicy;
  /** Oldest first. */
  decisions: PromotionDecision[];
  revision: number;
  who: string;
  createdAt: Date;
  endedAt: Date | null;
}

export interface Approval {
  before: PromotionGate;
  who: string;
  role: string;
  verdict: 'approved' | 'refused';
  why: string;
  at: Date;
}

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

/** Answers of two models to one photo: the champion's, which the client got, and its shadow's. */
export interface AnswerPair {
  /** Public id of the answer that the client got. */
  id: string;
  champion: string | null;
  candidate: string | null;
  /** HTTP status of the candidate's answer. */
  status: number;
  /** How sure each answer was, 0..1; null when there is none. */
  championSure: number | null;
  candidateSure: number | null;
}

/** A logged request whose photo is kept. */
export interface ReplayableRequest {
  /** Public id. */
  id: string;
  imageSha256: string;
  label: string;
  modelName: string;
  modelVersion: number | null;
}

/** What one of two versions did with its share of the traffic, one photo of each HTTP request. */
export interface ArmCounts {
  requests: number;
  /** HTTP requests with an answer of 500 or above. */
  failed: number;
  /** Answered HTTP requests that took longer than the limit. */
  slow: number;
  answered: number;
  /** Answer -> photos. */
  labels: Record<string, number>;
  /** Photos by how unsure the answer was, 1 - confidence, in hundredths: [100]. */
  unsure: number[];
  labelled: number;
  wrong: number;
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
