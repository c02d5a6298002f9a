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
      'Maximum median latency, as a multiple of that of a bare model with the same backbone and views, measured alternately. Only for bundled backbones.',
    ),
  maxLatencyMs: z
    .number()
    .positive()
    .default(2000)
    .describe('Maximum median time of a prediction in milliseconds, without decoding, on one thread.'),
  maxMemoryMb: z
    .number()
    .positive()
    .default(1024)
    .describe(
      'Megabytes by which the memory of the validation process may grow when it loads the model and replays the warm-up requests.',
    ),
  maxAccuracyLoss: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe(
      'How far the accuracy may be below the recorded one (warm-up requests), or below the one that the probabilities predict (eval photos; 3 standard errors are allowed in addition).',
    ),
  photos: z.int().nonnegative().default(64).describe('Photos of the eval split to classify. 0 = none.'),
  repeats: z.int().positive().default(9).describe('Number of timed predictions.'),
  bootTimeoutMs: z
    .int()
    .positive()
    .default(120_000)
    .describe('Milliseconds within which the validation process must finish.'),
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
