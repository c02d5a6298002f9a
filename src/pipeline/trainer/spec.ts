import { z } from 'zod';
import { headOptionsSchema } from '../../contracts/artifacts/head-config.ts';
import { viewSchema } from '../../contracts/artifacts/signature.ts';
import type { ComponentSpec } from '../../contracts/component.ts';
import { taskSchema } from '../../contracts/task.ts';

/** How the threshold of a question is chosen on the eval split. */
export const thresholdRuleSchema = z.enum(['youden', 'f1', 'half']);
export type ThresholdRule = z.infer<typeof thresholdRuleSchema>;

/** What the model card says beyond what was measured. */
export const cardSchema = z.object({
  name: z.string().min(1).default('image-classifier'),
  overview: z.string().optional(),
  license: z.string().optional().describe('SPDX identifier.'),
  owners: z.array(z.object({ name: z.string(), contact: z.string().optional() })).default([]),
  data: z.object({ name: z.string(), link: z.string().optional() }).optional().describe('Where the photos come from.'),
  references: z.array(z.string()).default([]),
});

export const trainerSpec = {
  name: 'Trainer',
  version: '4',
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
      .describe('All labels apart, or a yes-or-no question over them: write it with question(...).'),
    head: headOptionsSchema.default({}).describe("What is given here wins over the Tuner's finding."),
    testViews: z
      .union([z.literal('all'), z.array(viewSchema).min(1)])
      .default(['plain'])
      .describe(
        'Averaged at test, inside the exported graph; each must be a view that Transform embedded. `all`: every one of them.',
      ),
    threshold: thresholdRuleSchema
      .default('youden')
      .describe('`youden`: highest sensitivity + specificity; `f1`: highest F1 of the positive answer; `half`: 0.5.'),
    warmupRequests: z.int().min(1).max(64).default(8).describe('Photos kept as warm-up requests.'),
    card: cardSchema.prefault({}).describe('What the model card says beyond what was measured.'),
  }),
} as const satisfies ComponentSpec;
