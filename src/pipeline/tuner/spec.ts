import { z } from 'zod';
import { headOptionsSchema } from '../../contracts/artifacts/head-config.ts';
import { viewSchema } from '../../contracts/artifacts/signature.ts';
import type { ComponentSpec } from '../../contracts/component.ts';

/** Bounds of a range. Sampled log-uniformly where the description says so, else uniformly. */
const range = (low: number, high: number) => z.tuple([z.number(), z.number()]).default([low, high]);

/** Search space; lists are sampled uniformly. */
export const searchSpaceSchema = z.object({
  kind: z
    .array(z.enum(['mlp', 'logistic']))
    .min(1)
    .default(['mlp', 'mlp', 'logistic']),
  hidden: z.array(z.int().positive()).min(1).default([64, 128, 256]),
  learningRate: range(3e-4, 1e-2).describe('Log-uniform.'),
  weightDecay: range(1e-3, 3).describe('Log-uniform.'),
  dropout: range(0, 0.6),
  inputDropout: range(0, 0.6),
  mixup: z.array(z.number().min(0)).min(1).default([0, 0, 0.2, 0.5]),
  labelSmoothing: range(0, 0.15),
  batchSize: z.array(z.int().positive()).min(1).default([32, 64, 128]),
});
export type SearchSpace = z.infer<typeof searchSpaceSchema>;

export const tunerSpec = {
  name: 'Tuner',
  version: '2',
  sealed: true,
  inputs: {
    examples: { type: 'Examples' },
    transformGraph: { type: 'TransformGraph' },
    anomalies: { type: 'ExampleAnomalies', optional: true },
  },
  outputs: {
    bestHyperparameters: { type: 'HyperParameters' },
    tunerResults: { type: 'TunerResults' },
  },
  parameters: z.object({
    head: headOptionsSchema.default({}).describe('Configuration that the search starts from and has to beat.'),
    space: searchSpaceSchema
      .prefault({})
      .describe('Search space; lists and ranges are sampled uniformly unless stated otherwise.'),
    trials: z
      .int()
      .min(1)
      .max(1000)
      .default(24)
      .describe('Random configurations in the first rung, in addition to the default.'),
    eta: z
      .int()
      .min(2)
      .max(10)
      .default(3)
      .describe('One in `eta` configurations is promoted to the next rung, with `eta` times the epochs.'),
    testViews: z
      .union([z.literal('all'), z.array(viewSchema).min(1)])
      .default(['plain'])
      .describe("Views to average when a trial is scored, like the Trainer's."),
    folds: z.int().min(2).max(10).default(3).describe('Cross-validation folds of the train split.'),
  }),
} as const satisfies ComponentSpec;
