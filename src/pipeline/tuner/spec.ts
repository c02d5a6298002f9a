import { z } from 'zod';
import type { ComponentSpec } from '../../contracts/component.ts';
import { headOptionsSchema } from '../../contracts/head-config.ts';
import { viewSchema } from '../../contracts/signature.ts';

/** Low and high end. Sampled log-uniformly where the name says so, else uniformly. */
const range = (low: number, high: number) => z.tuple([z.number(), z.number()]).default([low, high]);

/** What the Tuner may choose from; a list is sampled evenly. */
export const searchSpaceSchema = z.object({
  kind: z
    .array(z.enum(['mlp', 'logistic']))
    .min(1)
    .default(['mlp', 'mlp', 'logistic']),
  hidden: z.array(z.int().positive()).min(1).default([64, 128, 256]),
  /** Log-uniform. */
  learningRate: range(3e-4, 1e-2),
  /** Log-uniform. */
  weightDecay: range(1e-3, 3),
  dropout: range(0, 0.6),
  inputDropout: range(0, 0.6),
  mixup: z.array(z.number().min(0)).min(1).default([0, 0, 0.2, 0.5]),
  labelSmoothing: range(0, 0.15),
  batchSize: z.array(z.int().positive()).min(1).default([32, 64, 128]),
});
export type SearchSpace = z.infer<typeof searchSpaceSchema>;

export const tunerSpec = {
  name: 'Tuner',
  version: '1',
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
    /** The default that the search starts from and has to beat. */
    head: headOptionsSchema.default({}),
    space: searchSpaceSchema.prefault({}),
    /** Random configurations in the first rung; the default is one more. */
    trials: z.int().min(1).max(1000).default(24),
    /** One in `eta` goes on to the next rung, with `eta` times the epochs. */
    eta: z.int().min(2).max(10).default(3),
    /** Averaged when a trial is judged, as the Trainer's. */
    testViews: z.union([z.literal('all'), z.array(viewSchema).min(1)]).default(['plain']),
    /** Folds of the train split that score a trial. */
    folds: z.int().min(2).max(10).default(3),
  }),
} as const satisfies ComponentSpec;
