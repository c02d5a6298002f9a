import { z } from 'zod';
import { roleSchema } from '../access.ts';

const approvalSchema = z
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
    .strictObject({ beforeShadow: approvalSchema, beforeCanary: approvalSchema, beforePromote: approvalSchema })
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

/** Decisions of 0.1.0 name a check for people only. */
const storedCheckSchema = z.preprocess(
  (check) => ({
    id: checkIds.find((id) => promotionChecks[id] === (check as { name?: string }).name),
    ...(check as object),
  }),
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

/** One step on the way, with what it was made from. */
export interface PromotionDecision {
  /** ISO 8601. */
  at: string;
  state: PromotionState;
  who: string;
  why: string;
  evidence: unknown;
  /** Id of the artifact that holds it; null for the opening, for what people ended, and for an end whose artifact could not be written. */
  artifact: string | null;
}
