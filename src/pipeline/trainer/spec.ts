import { z } from 'zod';
import { headOptionsSchema } from '../../contracts/artifacts/head-config.ts';
import { labelSetPromiseSchema, thresholdRuleSchema } from '../../contracts/artifacts/operating-point.ts';
import { type View, viewSchema } from '../../contracts/artifacts/signature.ts';
import type { ComponentSpec } from '../../contracts/component.ts';
import { taskSchema } from '../../contracts/task.ts';

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
      .describe('Classify all labels, or answer a yes-or-no question based on them, as defined by question(...).'),
    head: headOptionsSchema.default({}).describe("Options of the head; they override the Tuner's."),
    testViews: z
      .union([z.literal('all'), z.literal('plain').transform((): View[] => ['plain']), z.array(viewSchema).min(1)])
      .default(['plain'])
      .describe(
        'Views that the exported graph averages over; each must be one that Transform embedded. `all`: every one of them; `plain`: the photo as it is, which costs least. With a Tuner, `plain` means those that it chose: its own `testViews` fix them.',
      ),
    threshold: thresholdRuleSchema
      .default('youden')
      .describe(
        'How the threshold of a question is chosen, on eval photos that did not train the head. `youden`: highest sensitivity + specificity; `f1`: highest F1 of the positive answer; `half`: 0.5; `{ sensitivity: x }` or `{ specificity: x }`: at least x of the positive or negative photos to come; `{ cost: { falseNegative, falsePositive } }`: the lowest cost, in any unit above 0.',
      ),
    labelSets: labelSetPromiseSchema
      .optional()
      .describe(
        'Predictions carry a set of labels that holds the true one in this share of photos like the training photos (`{ coverage: 0.9 }`). Absent: none. A set is empty where no label is likely enough.',
      ),
    export: z
      .enum(['float32', 'int8', 'auto'])
      .optional()
      .describe(
        'Numbers that the exported graph computes with. `int8`: convolutions on integers, about half the time; refused when its predictions for eval photos differ too much from those of float32. `auto`: int8 where they do not, else float32, and the model says why. Absent: float32.',
      ),
    warmupRequests: z.int().min(1).max(64).default(8).describe('Number of eval photos stored as warm-up requests.'),
    card: cardSchema.prefault({}).describe('Texts of the model card; the metrics are added to it.'),
  }),
} as const satisfies ComponentSpec;
