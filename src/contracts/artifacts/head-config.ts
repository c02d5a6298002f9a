import { z } from 'zod';
import { viewSchema } from './signature.ts';

/** How a head is trained. The Tuner searches over these; `hyperparameters.json` holds one. */
const headConfigSchema = z.object({
  kind: z
    .enum(['mlp', 'logistic', 'ridge'])
    .describe(
      '`mlp` has one hidden layer (ReLU); `logistic` has none. `ridge` has none, too, and is solved instead of trained: of the options below it uses `ridge`, `classWeights` and `trainViews`.',
    ),
  hidden: z.int().min(1).max(8192).describe('Hidden units of one member.'),
  members: z
    .int()
    .min(1)
    .max(16)
    .describe('Heads trained in parallel from different seeds and merged into one; 1 = a single head.'),
  epochs: z.int().min(1).max(1000).describe('Maximum number of epochs.'),
  minSteps: z
    .int()
    .min(0)
    .max(100_000)
    .describe('Minimum number of training steps: small data sets get more epochs. 0 = exactly `epochs`.'),
  batchSize: z.int().min(1).max(4096).describe('Rows per training step.'),
  learningRate: z.number().positive().max(1).describe('Peak learning rate of the cosine schedule.'),
  weightDecay: z.number().min(0).max(10).describe('Decoupled (AdamW), on weights only, not on biases. 0 = none.'),
  warmup: z.number().min(0).max(0.5).describe('Share of steps during which the learning rate rises from 0.'),
  dropout: z.number().min(0).max(0.9).describe('Share of hidden units dropped at each step. 0 = none.'),
  inputDropout: z.number().min(0).max(0.9).describe('Share of embedding values dropped at each step. 0 = none.'),
  mixup: z
    .number()
    .min(0)
    .max(5)
    .describe('Mixup: parameter of the Beta distribution that mixes pairs of embeddings and targets. 0 = none.'),
  labelSmoothing: z.number().min(0).max(0.5).describe('Share of the target spread evenly over all labels. 0 = none.'),
  loss: z.enum(['cross-entropy', 'focal']).describe('Loss function.'),
  focalGamma: z
    .number()
    .min(0)
    .max(10)
    .describe("Exponent of the focal loss (Lin et al. 2017); only for `loss: 'focal'`."),
  classWeights: z
    .enum(['none', 'balanced'])
    .describe('`balanced`: every label has the same weight in the loss, regardless of its number of photos.'),
  trainViews: z
    .enum(['random', 'plain'])
    .describe('Which embedded view of a photo a step uses: `random` = a different one in each epoch.'),
  patience: z
    .int()
    .min(0)
    .max(1000)
    .describe(
      'Training stops after this many epochs without a better eval loss (scaled up where `minSteps` adds epochs). 0 = never stop early.',
    ),
  ridge: z
    .union([z.literal('auto'), z.number().positive().max(1e6)])
    .describe(
      "Penalty of a ridge head's weights, as if so many average photos showed nothing. `auto`: of a few penalties the one that predicts train photos best when their group is left out (3 folds).",
    ),
});
export type HeadConfig = z.infer<typeof headConfigSchema>;

/** Options of a head; defaults from `defaultHead`. */
export const headOptionsSchema = headConfigSchema.partial();
export type HeadOptions = z.infer<typeof headOptionsSchema>;

const defaultHead: HeadConfig = {
  kind: 'mlp',
  hidden: 128,
  members: 2,
  epochs: 60,
  minSteps: 600,
  batchSize: 64,
  learningRate: 3e-3,
  weightDecay: 0.05,
  warmup: 0.05,
  dropout: 0.3,
  inputDropout: 0.2,
  mixup: 0,
  labelSmoothing: 0.05,
  loss: 'cross-entropy',
  focalGamma: 2,
  classWeights: 'none',
  trainViews: 'random',
  patience: 15,
  ridge: 'auto',
};

/** The default, overlaid by each of `options` in order; undefined members count as absent. */
export function headConfig(...options: HeadOptions[]): HeadConfig {
  const given = options.flatMap((option) => Object.entries(option).filter(([, value]) => value !== undefined));
  return headConfigSchema.parse({ ...defaultHead, ...Object.fromEntries(given) });
}

/** `hyperparameters.json`, from the Tuner to the Trainer. */
export const hyperparametersSchema = z.object({
  config: headConfigSchema.extend({ ridge: headConfigSchema.shape.ridge.default(defaultHead.ridge) }),
  /** Eval negative log-likelihood (nats) of this config and of the default, on the same photos. */
  evalNll: z.number(),
  defaultEvalNll: z.number(),
  /** Whether the search found something better than the default; if not, `config` is the default. */
  beatDefault: z.boolean(),
  /** Views that were averaged. Absent before version 0.2. */
  testViews: z.array(viewSchema).min(1).optional(),
  /** `transformDigest` of the chosen embeddings, when the search had several. */
  transformDigest: z.string().optional(),
});
