import { z } from 'zod';
import { roleSchema } from '../access.ts';
import { instantSchema } from '../instant.ts';

const approverSchema = z
  .strictObject({
    /** Someone who may do all that this role may. */
    role: roleSchema,
    /** By someone else than who started the promotion. */
    fourEyes: z.boolean().default(false),
  })
  .nullable()
  .default(null);

const ascending = (steps: readonly number[]) => steps.every((step, i) => i === 0 || step > steps[i - 1]!);

/** How a challenger becomes champion. */
export const promotionPolicySchema = z.strictObject({
  /** The last N logged requests with kept photos, through the candidate. 0 = skip. */
  replay: z
    .strictObject({
      requests: z.int().nonnegative().max(10_000).default(500),
      maxDisagreement: z.number().min(0).max(1).default(0.1),
    })
    .prefault({}),
  /** Requests that the candidate sees as a shadow first. 0 = skip. */
  shadow: z
    .strictObject({
      requests: z.int().nonnegative().max(10_000).default(200),
      maxDisagreement: z.number().min(0).max(1).default(0.1),
    })
    .prefault({}),
  /** Traffic of the canary step by step, percent; none = promoted without a canary. */
  canary: z
    .strictObject({
      steps: z
        .array(z.int().min(1).max(99))
        .max(20)
        .refine(ascending, 'each step must be above the one before')
        .default([10, 50]),
      requestsAStep: z.int().positive().max(1_000_000).default(200),
    })
    .prefault({}),
  /**
   * What labels say of the photos that both models saw goes before how often they disagree: a candidate that labels show to be better passes
   * beyond `maxDisagreement`, one that they show to be worse fails within it.
   */
  labels: z.strictObject({ overrule: z.boolean().default(true) }).prefault({}),
  approvals: z
    .strictObject({ beforeShadow: approverSchema, beforeCanary: approverSchema, beforePromote: approverSchema })
    .prefault({}),
  /** Chance of turning back a candidate that is as good, over the whole of a step, all its checks together. */
  alpha: z.number().min(0.0001).max(0.5).default(0.05),
});
export type PromotionPolicy = z.infer<typeof promotionPolicySchema>;

export const promotionGates = ['beforeShadow', 'beforeCanary', 'beforePromote'] as const;
export type PromotionGate = (typeof promotionGates)[number];

export const promotionStates = [
  'replaying',
  'shadow',
  'canary',
  'waiting-for-approval',
  'promoted',
  /** Taken back after it had traffic. */
  'rolled-back',
  /** Turned down before it had traffic. */
  'rejected',
  /** A newer candidate, or a change of the endpoint by hand, took its place. */
  'superseded',
  'aborted',
] as const;
export type PromotionState = (typeof promotionStates)[number];

export const activeStates = [
  'replaying',
  'shadow',
  'canary',
  'waiting-for-approval',
] as const satisfies PromotionState[];

/** What a candidate is checked for. Stored with each decision. */
export const promotionChecks = {
  failures: 'failures',
  errors: 'errors',
  latency: 'latency',
  disagreement: 'disagreement',
  'measured-accuracy': 'measured accuracy',
  'estimated-accuracy': 'estimated accuracy',
} as const;
export type PromotionCheckId = keyof typeof promotionChecks;
const checkIds = Object.keys(promotionChecks) as PromotionCheckId[];

/** Names in decisions stored by 0.1.0, which have no id. Frozen: `promotionChecks` may be reworded, these may not. */
const checkIdByLegacyName = new Map<unknown, PromotionCheckId>([
  ['failures', 'failures'],
  ['errors', 'errors'],
  ['latency', 'latency'],
  ['disagreement', 'disagreement'],
  ['measured accuracy', 'measured-accuracy'],
  ['estimated accuracy', 'estimated-accuracy'],
]);

export const promotionCheckSchema = z.object({
  id: z.enum(checkIds),
  /** For people. */
  name: z.string(),
  /** `wait`: nothing against it, and not enough seen. */
  verdict: z.enum(['pass', 'fail', 'wait']),
  said: z.string(),
  numbers: z.record(z.string(), z.number().nullable()),
});
export type PromotionCheck = z.infer<typeof promotionCheckSchema>;

/** A logged request whose photo the two models answer differently. */
export const promotionDisagreementSchema = z.object({
  /** Public id of the logged request. */
  id: z.string(),
  champion: z.string(),
  candidate: z.string(),
});
export type PromotionDisagreement = z.infer<typeof promotionDisagreementSchema>;

const storedCheckSchema = z.preprocess(
  (check) => ({ id: checkIdByLegacyName.get((check as { name?: unknown }).name), ...(check as object) }),
  promotionCheckSchema,
);
const evidenceSchema = z
  .looseObject({
    checks: z.array(storedCheckSchema).default([]),
    disagreements: z.array(promotionDisagreementSchema).default([]),
  })
  .nullable()
  .transform((evidence) => evidence ?? { checks: [], disagreements: [] });

/** What a decision was taken on. */
export const readEvidence = ({ evidence }: Pick<PromotionDecision, 'evidence'>) => evidenceSchema.parse(evidence);

/** One decision on a promotion, with its evidence. */
export const promotionDecisionSchema = z.object({
  /** ISO 8601. */
  at: z.string(),
  state: z.enum(promotionStates),
  who: z.string(),
  why: z.string(),
  evidence: z.unknown(),
  /** Id of the artifact that holds it; null for the opening, for what people ended, and for an end whose artifact could not be written. */
  artifact: z.string().nullable(),
});
export type PromotionDecision = z.infer<typeof promotionDecisionSchema>;

export const promotionSchema = z.object({
  id: z.string(),
  endpoint: z.string(),
  /** The candidate. */
  modelName: z.string(),
  version: z.number(),
  /** Stable when the promotion began. */
  championName: z.string(),
  championVersion: z.number(),
  state: z.enum(promotionStates),
  /** Of the canary, from 0; -1 = none yet. */
  step: z.number(),
  stepSince: instantSchema,
  /** That waits for approval. */
  gate: z.enum(promotionGates).nullable(),
  who: z.string(),
  createdAt: instantSchema,
  endedAt: instantSchema.nullable(),
});
export interface Promotion extends z.input<typeof promotionSchema> {
  seq: number;
  project: string;
  policy: PromotionPolicy;
  /** Oldest first. */
  decisions: PromotionDecision[];
  revision: number;
}

export const approvalSchema = z.object({
  before: z.enum(promotionGates),
  who: z.string(),
  role: z.string(),
  verdict: z.enum(['approved', 'refused']),
  why: z.string(),
  at: instantSchema,
});
export type Approval = z.input<typeof approvalSchema>;

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
