import { z } from 'zod';
import { metricNameSchema } from '../../contracts/artifacts/evaluation.ts';
import type { ComponentSpec } from '../../contracts/component.ts';

const thresholdSchema = z.object({
  min: z.number().optional().describe('The value must be at least, at most this.'),
  max: z.number().optional(),
  change: z
    .number()
    .optional()
    .describe(
      'The change against the baseline: at least this for a metric where more is better (`-0.005`: may lose half a point), at most this where less is better. Unchecked without a baseline.',
    ),
});
const thresholdsSchema = z.partialRecord(metricNameSchema, thresholdSchema);

export const evaluatorSpec = {
  name: 'Evaluator',
  version: '4',
  sealed: true,
  capabilities: ['golden'],
  inputs: {
    examples: { type: 'Examples' },
    model: { type: 'Model' },
    baseline: { type: 'Model', optional: true },
    /** Its embeddings give the out-of-fold answers for the suspicious labels; without it these are not sought. */
    transformGraph: { type: 'TransformGraph', optional: true },
    /** Its background probe goes into the report. */
    anomalies: { type: 'ExampleAnomalies', optional: true },
  },
  outputs: {
    evaluation: { type: 'ModelEvaluation' },
    /** Absent without thresholds, as in TFX. */
    blessing: { type: 'ModelBlessing', optional: true },
  },
  parameters: z.object({
    thresholds: thresholdsSchema.default({}).describe("Of the task's metrics, over the whole test split."),
    sliceThresholds: thresholdsSchema
      .default({})
      .describe('The same for every slice with at least `minSliceExamples`.'),
    sliceBy: z.array(z.string()).default([]).describe('Attributes to slice by, besides the label.'),
    minSliceExamples: z.int().positive().default(20),
    resamples: z.int().min(100).default(1000).describe('Bootstrap resamples.'),
    pictures: z.int().min(0).max(200).default(12).describe('Worst mistakes and suspicious labels shown with pictures.'),
  }),
  sameAsAbsent: ['baseline', 'model'],
} as const satisfies ComponentSpec;
