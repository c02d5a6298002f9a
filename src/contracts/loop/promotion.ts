import { z } from 'zod';
import { roleSchema } from '../access.ts';
import { instantSchema } from '../instant.ts';
import { recordOf } from '../record-of.ts';
import { currencySchema, type SessionSums } from './behaviour.ts';

const approverSchema = z
  .strictObject({
    /** The approver needs all permissions of this role. */
    role: roleSchema,
    /** The approver must not be the person who started the promotion. */
    fourEyes: z.boolean().default(false),
  })
  .nullable()
  .default(null);

const ascending = (steps: readonly number[]) => steps.every((step, i) => step > (steps[i - 1] ?? 0));

/** What users do with the answers, and what that is worth, as a check of the candidate. */
const behaviourPolicySchema = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('acceptance'),
    /** How far the share of accepted answers may be below the champion's, 0..1. */
    maxDrop: z.number().min(0).max(0.5).default(0.05),
    /** Sessions with user events that each version needs to pass a canary step; of a shadow without a canary, the champion. */
    sessions: z.int().positive().max(1_000_000).default(50),
  }),
  z.strictObject({
    by: z.literal('value'),
    /** Values in other currencies do not count. */
    currency: currencySchema,
    /** How far the value of a request may be below the champion's, as a share of it, 0..1. */
    maxDrop: z.number().min(0).max(0.9).default(0.1),
    /** Sessions with a value in the currency that a canary step needs, of both versions together. */
    sessions: z.int().positive().max(1_000_000).default(50),
  }),
]);
export type BehaviourPolicy = z.infer<typeof behaviourPolicySchema>;

/** How a challenger becomes champion. */
export const promotionPolicySchema = z
  .strictObject({
    /** Replay the last N logged requests with stored photos. 0 = skip. */
    replay: z
      .strictObject({
        requests: z.int().nonnegative().max(10_000).default(500),
        maxDisagreement: z.number().min(0).max(1).default(0.1),
        /** When no logged request has a kept photo: go on or wait for one; null = go on if a shadow or canary follows, else wait. */
        noEvidence: z.enum(['go-on', 'wait']).nullable().default(null),
      })
      .prefault({}),
    /** Requests that are also sent to the candidate as a shadow. 0 = skip. */
    shadow: z
      .strictObject({
        requests: z.int().nonnegative().max(10_000).default(200),
        maxDisagreement: z.number().min(0).max(1).default(0.1),
      })
      .prefault({}),
    /** Traffic of each canary step, percent; empty = no canary. */
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
     * Labels of photos that both models saw overrule `maxDisagreement`: a candidate that they show to be better passes above it, one that they
     * show to be worse fails below it.
     */
    labels: z.strictObject({ overrule: z.boolean().default(true) }).prefault({}),
    approvals: z
      .strictObject({ beforeShadow: approverSchema, beforeCanary: approverSchema, beforePromote: approverSchema })
      .prefault({}),
    /** Absent: users do not decide. */
    behaviour: behaviourPolicySchema.nullish(),
    /** Probability that a step rejects an equally good candidate, over all its checks. */
    alpha: z.number().min(0.0001).max(0.5).default(0.05),
  })
  .superRefine(({ behaviour, shadow, canary }, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', path: ['behaviour'], message });
    if (!behaviour || canary.steps.length > 0) return;
    if (behaviour.by === 'value') refuse('value shows in a canary only; give canary steps');
    else if (shadow.requests === 0) refuse('acceptance shows in a shadow or canary only; the policy has neither');
  });
export type PromotionPolicy = z.infer<typeof promotionPolicySchema>;

const promotionGates = ['beforeShadow', 'beforeCanary', 'beforePromote'] as const;
export type PromotionGate = (typeof promotionGates)[number];

const promotionStates = [
  'replaying',
  'shadow',
  'canary',
  'waiting-for-approval',
  'promoted',
  /** Ended after it had traffic. */
  'rolled-back',
  /** Ended before it had traffic. */
  'rejected',
  /** Ended by a newer candidate, or by a manual change of the endpoint. */
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

/** Checks of a candidate, with their display names. */
export const promotionChecks = {
  failures: 'failures',
  errors: 'errors',
  latency: 'latency',
  disagreement: 'disagreement',
  'measured-accuracy': 'measured accuracy',
  'estimated-accuracy': 'estimated accuracy',
  acceptance: 'acceptance',
  value: 'value',
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
  /** Display name. */
  name: z.string(),
  /** `wait`: no failure yet, but too few requests. `no-data`: nothing to judge, such as no labels; it does not hold up the promotion. */
  verdict: z.enum(['pass', 'fail', 'wait', 'no-data']),
  said: z.string(),
  numbers: recordOf(z.number().nullable()),
});
export type PromotionCheck = z.infer<typeof promotionCheckSchema>;

/** A logged request on which the two models disagree. */
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

export const readEvidence = ({ evidence }: Pick<PromotionDecision, 'evidence'>) => evidenceSchema.parse(evidence);

export const promotionDecisionSchema = z.object({
  /** ISO 8601. */
  at: z.string(),
  state: z.enum(promotionStates),
  who: z.string(),
  why: z.string(),
  evidence: z.unknown(),
  /** Id of its artifact; null for the start, for an abort, and when the artifact could not be written. */
  artifact: z.string().nullable(),
});
export type PromotionDecision = z.infer<typeof promotionDecisionSchema>;

export const promotionSchema = z.object({
  id: z.string(),
  endpoint: z.string(),
  /** The candidate. */
  modelName: z.string(),
  version: z.number(),
  /** The stable version when the promotion began. */
  championName: z.string(),
  championVersion: z.number(),
  state: z.enum(promotionStates),
  /** Canary step, from 0; -1 = none yet. */
  step: z.number(),
  stepSince: instantSchema,
  /** The gate that waits for approval. */
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

/** Answers to one photo: the champion's, which the client got, and its shadow's. */
export interface AnswerPair {
  /** Public id of the client's prediction. */
  id: string;
  champion: string | null;
  candidate: string | null;
  /** HTTP status of the candidate's prediction. */
  status: number;
  /** Confidence of each answer, 0..1; null when there is none. */
  championSure: number | null;
  candidateSure: number | null;
}

/** A logged request whose photo is stored. */
export interface ReplayableRequest {
  /** Public id. */
  id: string;
  imageSha256: string;
  label: string;
  modelName: string;
  modelVersion: number | null;
}

/** Counts of one version's share of the traffic, one photo per HTTP request. */
export interface ArmCounts {
  requests: number;
  /** HTTP requests with status 500 or above. */
  failed: number;
  /** Successful HTTP requests that took longer than the limit. */
  slow: number;
  answered: number;
  /** Photos per predicted label. */
  labels: Record<string, number>;
  /** Photos by 1 - confidence of the answer, in hundredths: [100]. */
  unsure: number[];
  labelled: number;
  wrong: number;
}

/** Behaviour of users of one version's share of the traffic: what the policy asks for, the rest is zero. */
export interface SessionCounts {
  /** Accepted of the photos with user events. */
  accepted: SessionSums;
  /** Sessions with user events by 1 - share of accepted photos, in hundredths: [100]. */
  unaccepted: number[];
  /** Value of all answered photos in the policy's currency, and the sessions that had one. */
  value: SessionSums;
  valued: number;
}
