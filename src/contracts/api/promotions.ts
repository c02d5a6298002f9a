import { z } from 'zod';
import { nameSchema } from '../access.ts';
import {
  approvalSchema,
  promotionCheckSchema,
  promotionDecisionSchema,
  promotionDisagreementSchema,
  promotionPolicySchema,
  promotionSchema,
} from '../loop/promotion.ts';
import { pageQuerySchema, whySchema } from './page.ts';

/** `why`: of the newest decision. */
export const apiPromotionSchema = promotionSchema.extend({ why: z.string() });
export type ApiPromotion = z.output<typeof apiPromotionSchema>;

export const promotionDetailsSchema = apiPromotionSchema.extend({
  policy: promotionPolicySchema,
  decisions: z.array(promotionDecisionSchema),
  approvals: z.array(approvalSchema),
  /** How it stands now; null when it has ended. */
  now: z
    .object({
      why: z.string(),
      checks: z.array(promotionCheckSchema),
    })
    .nullable(),
});

export const disagreementSchema = promotionDisagreementSchema.extend({ isKept: z.boolean() });

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

export const promotionsQuerySchema = pageQuerySchema.extend({
  endpoint: z.string().max(64).optional(),
  active: z.stringbool().optional().describe('true = only those under way'),
});
