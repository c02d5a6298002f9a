import { z } from 'zod';
import type { ComponentSpec } from '../../contracts/component.ts';
import { metricNameSchema } from '../../contracts/evaluation.ts';

const thresholdSchema = z.object({
  /** The value must be at least, at most this. */
  min: z.number().optional(),
  max: z.number().optional(),
  /**
   * The change against the baseline: at least this for a metric where more is better (`-0.005`: may lose half a point), at most this where
   * less is better. Unchecked without a baseline.
   */
  change: z.number().optional(),
});
const thresholdsSchema = z.partialRecord(metricNameSchema, thresholdSchema);

export const evaluatorSpec = {
  name: 'Evaluator',
  version: '1',
  sealed: true,
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
    /** Of the task's metrics, over the whole test split. */
    thresholds: thresholdsSchema.default({}),
    /** The same for every slice with at least `minSliceExamples`. */
    sliceThresholds: thresholdsSchema.default({}),
    /** Attributes to slice by, besides the label. */
    sliceBy: z.array(z.string()).default([]),
    minSliceExamples: z.int().positive().default(20),
    /** Bootstrap resamples. */
    resamples: z.int().min(100).default(1000),
    /** Worst mistakes and suspicious labels shown with pictures. */
    pictures: z.int().min(0).max(200).default(12),
  }),
  sameAsAbsent: ['baseline', 'model'],
} as const satisfies ComponentSpec;
