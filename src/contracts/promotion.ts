import { z } from 'zod';
import { roleSchema } from './access.ts';

const approvalSchema = z
  .object({ role: roleSchema, fourEyes: z.boolean().default(false) })
  .nullable()
  .default(null);

/** How a challenger becomes champion. */
export const promotionPolicySchema = z.object({
  /** The last N logged requests with kept photos, through the candidate. 0 = skip. */
  replay: z
    .object({ requests: z.int().nonnegative(), maxDisagreement: z.number().min(0).max(1) })
    .default({ requests: 500, maxDisagreement: 0.1 }),
  /** Requests that the candidate sees as a shadow first. 0 = skip. */
  shadow: z
    .object({ requests: z.int().nonnegative(), maxDisagreement: z.number().min(0).max(1) })
    .default({ requests: 200, maxDisagreement: 0.1 }),
  /** Traffic of the canary step by step, percent. */
  canary: z
    .object({ steps: z.array(z.int().min(1).max(99)), requestsAStep: z.int().positive() })
    .default({ steps: [10, 50], requestsAStep: 200 }),
  approvals: z
    .object({ beforeShadow: approvalSchema, beforeCanary: approvalSchema, beforePromote: approvalSchema })
    .prefault({}),
  /** Chance of rolling back a candidate that is as good, over the whole of a step. */
  alpha: z.number().positive().max(0.5).default(0.05),
});
export type PromotionPolicy = z.infer<typeof promotionPolicySchema>;

export const promotionStates = [
  'replaying',
  'shadow',
  'canary',
  'waiting-for-approval',
  'promoted',
  'rolled-back',
  'rejected',
] as const;
export type PromotionState = (typeof promotionStates)[number];
