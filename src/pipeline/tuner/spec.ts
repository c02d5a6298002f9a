import { z } from 'zod';
import { durationSchema } from '../../codecs/duration.ts';
import { headOptionsSchema } from '../../contracts/artifacts/head-config.ts';
import { viewSchema } from '../../contracts/artifacts/signature.ts';
import type { ComponentSpec } from '../../contracts/component.ts';

/** Bounds of a range. Sampled log-uniformly where the description says so, else uniformly. */
const range = (low: number, high: number) => z.tuple([z.number(), z.number()]).default([low, high]);

/** Search space; lists are sampled uniformly. */
export const searchSpaceSchema = z.object({
  kind: z
    .array(z.enum(['mlp', 'logistic', 'ridge']))
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
  loss: z
    .array(z.enum(['cross-entropy', 'focal']))
    .min(1)
    .default(['cross-entropy', 'cross-entropy', 'focal']),
  focalGamma: z.array(z.number().min(0).max(10)).min(1).default([1, 2, 3]),
  members: z.array(z.int().min(1).max(16)).min(1).default([1, 2, 4]),
  trainViews: z
    .array(z.enum(['random', 'plain']))
    .min(1)
    .default(['random', 'random', 'plain']),
  testViews: z
    .array(z.enum(['plain', 'all']))
    .min(1)
    .default(['plain', 'all'])
    .describe("Unless the Tuner's `testViews` are given. `all`: every view that Transform embedded."),
});
export type SearchSpace = z.infer<typeof searchSpaceSchema>;

export const tunerSpec = {
  name: 'Tuner',
  version: '3',
  sealed: true,
  inputs: {
    examples: { type: 'Examples' },
    transformGraph: { type: 'TransformGraph' },
    /** Other embeddings of the same photos (another backbone, input size or views), which the trials choose between. */
    transformGraph2: { type: 'TransformGraph', optional: true },
    transformGraph3: { type: 'TransformGraph', optional: true },
    transformGraph4: { type: 'TransformGraph', optional: true },
    anomalies: { type: 'ExampleAnomalies', optional: true },
  },
  outputs: {
    bestHyperparameters: { type: 'HyperParameters' },
    tunerResults: { type: 'TunerResults' },
    /** Of the inputs the chosen one, for the Trainer; only with several. */
    transformGraph: { type: 'TransformGraph', optional: true },
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
      .optional()
      .describe("Views to average when a trial is scored, like the Trainer's, in every trial. Default: each trial's."),
    budget: durationSchema
      .optional()
      .describe(
        'Time of the search, such as `10min`: a trial that would not fit is not started, and the best so far is used. How many trials run then depends on the speed of the machine. The first trial of the default and the final comparison always run. Transform is not counted.',
      ),
    folds: z.int().min(2).max(10).default(3).describe('Cross-validation folds of the train split.'),
  }),
} as const satisfies ComponentSpec;
