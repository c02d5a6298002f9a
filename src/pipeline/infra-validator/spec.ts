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
      'Time of one answer over that of a bare model on the same backbone and views, timed in turns with it; the median counts. For backbones that come with Mitate.',
    ),
  maxLatencyMs: z
    .number()
    .positive()
    .default(2000)
    .describe('Milliseconds of one answer without decoding, median, one thread.'),
  maxMemoryMb: z
    .number()
    .positive()
    .default(1024)
    .describe('Megabytes by which the fresh process may grow from before the load to after the replay.'),
  maxAccuracyLoss: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe(
      'How far the share of right answers may fall below what was recorded (warm-up requests) or what the probabilities claim (eval photos, beyond 3 standard errors).',
    ),
  photos: z.int().nonnegative().default(64).describe('Photos of the eval split that are answered. 0 = none.'),
  repeats: z.int().positive().default(9).describe('Timed answers.'),
  bootTimeoutMs: z
    .int()
    .positive()
    .default(120_000)
    .describe('Milliseconds in which the fresh process must be done with everything.'),
});
export type InfraBudget = z.output<typeof infraBudgetSchema>;

/** Boots the exported model in a fresh process and replays its warm-up requests -> `INFRA_BLESSED` or `INFRA_NOT_BLESSED`. */
export const infraValidatorSpec = {
  name: 'InfraValidator',
  version: '1',
  seeded: false,
  sealed: true,
  inputs: { model: { type: 'Model' }, examples: { type: 'Examples', optional: true } },
  outputs: { infraBlessing: { type: 'InfraBlessing' } },
  parameters: infraBudgetSchema,
} as const satisfies ComponentSpec;
