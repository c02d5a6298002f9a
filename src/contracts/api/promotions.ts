import { z } from 'zod';
import { nameSchema } from '../access.ts';
import { instantSchema } from '../instant.ts';
import {
  promotionCheckSchema,
  promotionDisagreementSchema,
  promotionGates,
  promotionPolicySchema,
  promotionStates,
} from '../loop/promotion.ts';
import { pageQuerySchema, whySchema } from './page.ts';

export const promotionSchema = z.object({
  id: z.string(),
  endpoint: z.string(),
  modelName: z.string(),
  version: z.number(),
  championName: z.string(),
  championVersion: z.number(),
  state: z.enum(promotionStates),
  /** Of the canary, from 0; -1 = none yet. */
  step: z.number(),
  stepSince: instantSchema,
  gate: z.enum(promotionGates).nullable(),
  who: z.string(),
  createdAt: instantSchema,
  endedAt: instantSchema.nullable(),
  /** Of the newest decision. */
  why: z.string(),
});
export type ApiPromotion = z.output<typeof promotionSchema>;

export const promotionDetailsSchema = promotionSchema.extend({
  policy: promotionPolicySchema,
  decisions: z.array(
    z.object({
      at: z.string(),
      state: z.enum(promotionStates),
      who: z.string(),
      why: z.string(),
      evidence: z.unknown(),
      artifact: z.string().nullable(),
    }),
  ),
  approvals: z.array(
    z.object({
      before: z.enum(promotionGates),
      who: z.string(),
      role: z.string(),
      verdict: z.enum(['approved', 'refused']),
      why: z.string(),
      at: instantSchema,
    }),
  ),
  /** How it stands now; null when it has ended. */
  now: z
    .object({
      why: z.string(),
      checks: z.array(promotionCheckSchema),
    })
    .nullable(),
});
export type ApiPromotionDetails = z.output<typeof promotionDetailsSchema>;

export const disagreementSchema = promotionDisagreementSchema.extend({ isKept: z.boolean() });
export type ApiDisagreement = z.output<typeof disagreementSchema>;

export const startPromotionSchema = z.strictObject({
  endpoint: nameSchema,
  /** `leaf@3`. Default: the only canary, else the challenger of the stable model. */
  model: z.string().min(1).max(128).optional(),
  policy: promotionPolicySchema.prefault({}),
  /** Also a version that was not blessed. */
  force: z.boolean().default(false),
  why: whySchema,
});
export type StartPromotion = z.input<typeof startPromotionSchema>;

export const promotionVerbSchema = z.strictObject({ why: whySchema });
export type PromotionVerb = z.input<typeof promotionVerbSchema>;

export const promotionsQuerySchema = pageQuerySchema.extend({
  endpoint: z.string().max(64).optional(),
  active: z.stringbool().optional().describe('true = only those under way'),
});
export type PromotionsQuery = z.input<typeof promotionsQuerySchema>;
