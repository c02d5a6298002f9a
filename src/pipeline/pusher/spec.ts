import { z } from 'zod';
import type { ComponentSpec } from '../../contracts/component.ts';
import { promotionPolicySchema } from '../../contracts/loop/promotion.ts';

/** Registers and deploys a model if every connected blessing is positive -> `pushed.json`. */
export const pusherSpec = {
  name: 'Pusher',
  version: '2',
  seeded: false,
  sealed: true,
  inputs: {
    model: { type: 'Model' },
    blessing: { type: 'ModelBlessing', optional: true },
    infraBlessing: { type: 'InfraBlessing', optional: true },
    evaluation: { type: 'ModelEvaluation', optional: true },
  },
  outputs: { pushedModel: { type: 'PushedModel' } },
  parameters: z
    .strictObject({
      modelName: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,127}$/, 'lower-case letters, digits and hyphens, at most 128')
        .describe('Model name in the registry.'),
      endpoint: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,127}$/, 'lower-case letters, digits and hyphens, at most 128')
        .optional()
        .describe('Endpoint to create or deploy to. Absent = register only.'),
      destination: z
        .string()
        .min(1)
        .optional()
        .describe('Folder to copy the model to, as <version>/. Absent = no copy.'),
      promotion: promotionPolicySchema
        .optional()
        .describe(
          'Promotion policy for an endpoint that already serves a version: replay, shadow, canary. Absent = the version becomes the challenger.',
        ),
    })
    .refine(({ promotion, endpoint }) => promotion === undefined || endpoint !== undefined, {
      path: ['promotion'],
      message: 'a promotion needs an endpoint',
    }),
} as const satisfies ComponentSpec;
