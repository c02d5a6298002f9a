import { z } from 'zod';
import { headOptionsSchema } from '../../contracts/artifacts/head-config.ts';
import { viewSchema } from '../../contracts/artifacts/signature.ts';
import type { ComponentSpec } from '../../contracts/component.ts';
import { taskSchema } from '../../contracts/task.ts';

/** Rule that chooses the threshold of a question on the eval split. */
export const thresholdRuleSchema = z.enum(['youden', 'f1', 'half']);
export type ThresholdRule = z.infer<typeof thresholdRuleSchema>;

/** Texts of the model card. */
export const cardSchema = z.object({
  name: z.string().min(1).default('image-classifier'),
  overview: z.string().optional(),
  license: z.string().optional().describe('SPDX identifier.'),
  owners: z.array(z.object({ name: z.string(), contact: z.string().optional() })).default([]),
  data: z.object({ name: z.string(), link: z.string().optional() }).optional().describe('Origin of the photos.'),
  references: z.array(z.string()).default([]),
});

export const trainerSpec = {
  name: 'Trainer',
  version: '5',
  sealed: true,
  inputs: {
    examples: { type: 'Examples' },
    transformGraph: { type: 'TransformGraph' },
    anomalies: { type: 'ExampleAnomalies', optional: true },
    bestHyperparameters: { type: 'HyperParameters', optional: true },
  },
  outputs: {
    model: { type: 'Model' },
    modelRun: { type: 'ModelRun' },
  },
  parameters: z.object({
    task: taskSchema
      .default({ kind: 'multiclass' })
      .describe('Classify all labels, or answer a yes-or-no question based on them, as defined by question(...).'),
    head: headOptionsSchema.default({}).describe("Options of the head; they override the Tuner's."),
    testViews: z
      .union([z.literal('all'), z.array(viewSchema).min(1)])
      .default(['plain'])
      .describe(
        'Views that the exported graph averages over; each must be one that Transform embedded. `all`: every one of them.',
      ),
    threshold: thresholdRuleSchema
      .default('youden')
      .describe('`youden`: highest sensitivity + specificity; `f1`: highest F1 of the positive answer; `half`: 0.5.'),
    warmupRequests: z.int().min(1).max(64).default(8).describe('Number of eval photos stored as warm-up requests.'),
    card: cardSchema.prefault({}).describe('Texts of the model card; the metrics are added to it.'),
  }),
} as const satisfies ComponentSpec;
