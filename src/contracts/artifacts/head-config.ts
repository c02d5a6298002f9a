import { z } from 'zod';

/** How a head is trained. The Tuner searches over these; `hyperparameters.json` holds one. */
export const headConfigSchema = z.object({
  kind: z.enum(['mlp', 'logistic']).describe('`mlp` has one hidden layer (ReLU); `logistic` has none.'),
  hidden: z.int().min(1).max(8192).describe('Hidden units of one member.'),
  members: z
    .int()
    .min(1)
    .max(16)
    .describe('Heads trained side by side from different starts and folded into one; 1 = a single head.'),
  epochs: z.int().min(1).max(1000),
  minSteps: z
    .int()
    .min(0)
    .max(100_000)
    .describe('Few photos get more epochs, until training has so many steps. 0 = `epochs` as it is.'),
  batchSize: z.int().min(1).max(4096).describe('Rows in one training step.'),
  learningRate: z.number().positive().max(1).describe('Highest learning rate of the cosine schedule.'),
  weightDecay: z.number().min(0).max(10).describe('Decoupled (AdamW), on weights only, never on biases. 0 = none.'),
  warmup: z.number().min(0).max(0.5).describe('Share of all steps in which the learning rate rises from 0.'),
  dropout: z.number().min(0).max(0.9).describe('Share of hidden units left out at each step. 0 = none.'),
  inputDropout: z.number().min(0).max(0.9).describe('Share of embedding numbers left out at each step. 0 = none.'),
  mixup: z
    .number()
    .min(0)
    .max(5)
    .describe('Parameter of the Beta distribution that mixes pairs of embeddings and their targets. 0 = none.'),
  labelSmoothing: z.number().min(0).max(0.5).describe('Share of the target spread evenly over all labels. 0 = none.'),
  loss: z.enum(['cross-entropy', 'focal']),
  focalGamma: z
    .number()
    .min(0)
    .max(10)
    .describe("Exponent of the focal loss (Lin et al. 2017); used only by `loss: 'focal'`."),
  classWeights: z
    .enum(['none', 'balanced'])
    .describe('`balanced`: each label weighs the same in the loss, however many photos it has.'),
  trainViews: z
    .enum(['random', 'plain'])
    .describe('Which embedded view of a photo a step sees: `random` = another one at each epoch.'),
  patience: z
    .int()
    .min(0)
    .max(1000)
    .describe(
      'Epochs, of `epochs`, without a better eval NLL before training stops; more where `minSteps` adds epochs. 0 = all are run.',
    ),
});
export type HeadConfig = z.infer<typeof headConfigSchema>;

/** What a user may say about a head; the rest is `defaultHead`. */
export const headOptionsSchema = headConfigSchema.partial();
export type HeadOptions = z.infer<typeof headOptionsSchema>;

export const defaultHead: HeadConfig = {
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
};

/** The default, overlaid by each of `options` in turn; members that are undefined count as absent. */
export function headConfig(...options: HeadOptions[]): HeadConfig {
  const said = options.flatMap((option) => Object.entries(option).filter(([, value]) => value !== undefined));
  return headConfigSchema.parse({ ...defaultHead, ...Object.fromEntries(said) });
}

/** `hyperparameters.json`, what the Tuner found and the Trainer takes. */
export const hyperparametersSchema = z.object({
  config: headConfigSchema,
  /** Eval negative log-likelihood (nats) of this config and of the default, on the same photos. */
  evalNll: z.number(),
  defaultEvalNll: z.number(),
  /** Whether the search found something better than the default; if not, `config` is the default. */
  beatDefault: z.boolean(),
});
export type Hyperparameters = z.infer<typeof hyperparametersSchema>;
