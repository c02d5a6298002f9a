import { z } from 'zod';
import type { ComponentSpec } from '../../contracts/component.ts';

export const infraBudgetSchema = z.strictObject({
  tolerance: z
    .number()
    .positive()
    .default(1e-3)
    .describe('Largest difference, 0..1, between a probability computed here and the one recorded at training.'),
  maxSlowdown: z
    .number()
    .min(1)
    .default(4)
    .describe(
      'Latency as a multiple of that of a bare model with the same backbone and views, timed alternately; median. Only for built-in backbones.',
    ),
  maxLatencyMs: z
    .number()
    .positive()
    .default(2000)
    .describe('Milliseconds per prediction without decoding, on one thread; median.'),
  maxMemoryMb: z
    .number()
    .positive()
    .default(1024)
    .describe('Megabytes by which the memory of the new process may grow by loading and replaying.'),
  maxAccuracyLoss: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe(
      'How far the accuracy may fall below what was recorded (warm-up requests) or what the probabilities claim (eval photos, beyond 3 standard errors).',
    ),
  photos: z.int().nonnegative().default(64).describe('Photos of the eval split to classify. 0 = none.'),
  repeats: z.int().positive().default(9).describe('Timed predictions.'),
  bootTimeoutMs: z.int().positive().default(120_000).describe('Milliseconds within which the new process must finish.'),
});
export type InfraBudget = z.output<typeof infraBudgetSchema>;

/** Boots the exported model in a new process and replays its warm-up requests -> `INFRA_BLESSED` or `INFRA_NOT_BLESSED`. */
export const infraValidatorSpec = {
  name: 'InfraValidator',
  version: '1',
  seeded: false,
  sealed: true,
  inputs: { model: { type: 'Model' }, examples: { type: 'Examples', optional: true } },
  outputs: { infraBlessing: { type: 'InfraBlessing' } },
  parameters: infraBudgetSchema,
} as const satisfies ComponentSpec;
