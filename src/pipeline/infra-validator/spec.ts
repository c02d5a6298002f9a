import { z } from 'zod';
import type { ComponentSpec } from '../../contracts/component.ts';

export const infraBudgetSchema = z.strictObject({
  tolerance: z
    .number()
    .positive()
    .default(1e-3)
    .describe('Largest difference, 0..1, between a probability answered here and the one recorded at training.'),
  maxSlowdown: z
    .number()
    .min(1)
    .default(4)
    .describe(
      'Median time of one answer over that of a reference graph of the same backbone and views, timed in turns with it.',
    ),
  maxLatencyMs: z.number().positive().default(2000).describe('Median time of one answer, whatever the reference says.'),
  maxMemoryMb: z
    .number()
    .positive()
    .default(1024)
    .describe('Growth of the fresh process from before the load to after the replay.'),
  maxAccuracyLoss: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe(
      'How far accuracy on photos of the eval split may fall below the one in the model card, beyond sampling error.',
    ),
  bootTimeoutMs: z.int().positive().default(60_000).describe('Time in which the fresh process must have answered.'),
  repeats: z.int().positive().default(9).describe('Timed answers; the median counts.'),
});
export type InfraBudget = z.output<typeof infraBudgetSchema>;

/** Boots the exported model in a fresh process and replays its warm-up requests -> `INFRA_BLESSED` or `INFRA_NOT_BLESSED`. */
export const infraValidatorSpec = {
  name: 'InfraValidator',
  version: '1',
  inputs: { model: { type: 'Model' }, examples: { type: 'Examples', optional: true } },
  outputs: { infraBlessing: { type: 'InfraBlessing' } },
  parameters: infraBudgetSchema,
} as const satisfies ComponentSpec;
