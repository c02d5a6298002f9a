import { z } from 'zod';
import { pageSchema } from '../page.ts';
import {
  apiPromotionSchema,
  disagreementSchema,
  promotionDetailsSchema,
  promotionsQuerySchema,
  promotionVerbSchema,
  startPromotionSchema,
} from '../promotions.ts';
import type { RouteIn, Routes } from '../route.ts';

const params = z.object({
  id: z.string().max(64).describe('Its id, or an endpoint name for the newest of that endpoint'),
});
const verb = { params, body: promotionVerbSchema, answer: apiPromotionSchema } as const;
const approvalErrors = [
  'PROMOTION_UNKNOWN',
  'PROMOTION_ENDED',
  'PROMOTION_NOT_WAITING',
  'PROMOTION_ROLE_MISSING',
  'PROMOTION_FOUR_EYES',
  'PROMOTION_ALREADY_SAID',
] as const;

export const promotionRoutes = {
  'promotions.list': {
    summary: 'List promotions, newest first',
    description:
      'Each replaces the champion of an endpoint by a candidate, step by step. `active` selects those in progress.',
    needs: ['read'],
    query: promotionsQuerySchema,
    answer: pageSchema(apiPromotionSchema),
  },
  'promotions.start': {
    summary: 'Start a promotion: replay, shadow, canary, then promoted or rolled back',
    description:
      'A worker advances it: each step compares candidate and champion and continues, waits for approval, or rolls back.',
    needs: ['operate'],
    body: startPromotionSchema,
    status: 201,
    answer: apiPromotionSchema,
    errors: [
      'ENDPOINT_UNKNOWN',
      'MODEL_NOT_FOUND',
      'MODEL_NOT_NAMED',
      'MODEL_NO_CHALLENGER',
      'MODEL_PROMOTION_UNBLESSED',
      'PROMOTION_POLICY_INVALID',
      'PROMOTION_ENDPOINT_EMPTY',
      'PROMOTION_ALREADY_STABLE',
      'PROMOTION_UNDER_WAY',
    ],
  },
  'promotions.get': {
    summary: 'Get a promotion, its decisions with their evidence, and its current checks',
    description: 'The decisions so far, each with its numbers, and the checks of the current step.',
    needs: ['read'],
    params,
    answer: promotionDetailsSchema,
    errors: ['PROMOTION_UNKNOWN'],
  },
  'promotions.disagreements': {
    summary: 'List logged requests on which candidate and champion disagree',
    description: 'The photos on which the two versions predict different labels, with both predictions.',
    needs: ['operate', 'approve'],
    params,
    answer: z.array(disagreementSchema),
    errors: ['PROMOTION_UNKNOWN'],
  },
  'promotions.grid': {
    summary: 'Draw the kept photos of the disagreements as a PNG, one row per pair of answers',
    description: 'For a person who decides: what the photos look like on which the versions disagree.',
    needs: ['operate', 'approve'],
    params,
    answer: ['image/png'],
    errors: ['PROMOTION_UNKNOWN', 'PROMOTION_NOTHING_TO_SHOW'],
  },
  // whose approval is needed is up to the promotion's policy: it may be a labeller's
  'promotions.approve': {
    ...verb,
    summary: 'Approve the pending step',
    description:
      'A promotion waits for approval where its policy says so. The author of the change may not be the approver if the policy requires two persons.',
    needs: ['read'],
    errors: approvalErrors,
  },
  'promotions.refuse': {
    ...verb,
    summary: 'Refuse the pending step; the candidate is taken down',
    description: 'The champion keeps all traffic.',
    needs: ['read'],
    errors: approvalErrors,
  },
  'promotions.abort': {
    ...verb,
    summary: 'Abort a promotion and return its traffic',
    description: 'At any step; the endpoint returns to the champion.',
    needs: ['operate', 'approve'],
    errors: ['PROMOTION_UNKNOWN', 'PROMOTION_ENDED', 'PROMOTION_CHANGED'],
  },
} satisfies Routes<RouteIn<'promotions'>>;
