import { z } from 'zod';
import { metricNameSchema, thresholdNames } from '../../contracts/artifacts/evaluation.ts';
import type { ComponentSpec } from '../../contracts/component.ts';

const thresholdSchema = z.object({
  min: z.number().optional().describe('Lowest allowed value.'),
  minLower: z.number().optional().describe('Lowest allowed lower end of the 95 % interval: few photos fail, too.'),
  max: z.number().optional().describe('Highest allowed value.'),
  maxUpper: z.number().optional().describe('Highest allowed upper end of the 95 % interval.'),
  change: z
    .number()
    .optional()
    .describe(
      'Change from the baseline: at least this if a higher metric is better (`-0.005`: may be 0.005 lower), at most this if a lower one is better. Not checked without a baseline.',
    ),
  changeWorst: z
    .number()
    .optional()
    .describe(
      'As `change`, of the worse end of the 95 % interval of the change; model and baseline answer the same photos.',
    ),
});
const sliceThresholdsSchema = z.partialRecord(metricNameSchema, thresholdSchema);
const thresholdsSchema = z.partialRecord(z.enum(thresholdNames), thresholdSchema);

export const evaluatorSpec = {
  name: 'Evaluator',
  version: '9',
  sealed: true,
  capabilities: ['golden'],
  inputs: {
    examples: { type: 'Examples' },
    model: { type: 'Model' },
    baseline: { type: 'Model', optional: true },
    /** Its embeddings are used to find suspicious labels; absent = these are not searched for. */
    transformGraph: { type: 'TransformGraph', optional: true },
    /** Its background probe is shown in the report. */
    anomalies: { type: 'ExampleAnomalies', optional: true },
  },
  outputs: {
    evaluation: { type: 'ModelEvaluation' },
    /** Absent without thresholds, as in TFX. */
    blessing: { type: 'ModelBlessing', optional: true },
  },
  parameters: z.object({
    thresholds: thresholdsSchema
      .default({})
      .describe(
        "Thresholds on the whole test split: for the task's metrics; for `sensitivity`, `specificity` and (if the Trainer's rule has costs) `cost` at the threshold of a question; for `labelSetCoverage` and `labelSetSize`.",
      ),
    sliceThresholds: sliceThresholdsSchema
      .default({})
      .describe('Thresholds for every slice, the worst included, with at least `minSliceExamples` photos.'),
    sliceBy: z.array(z.string()).default([]).describe('Attributes to slice by, in addition to the label.'),
    minSliceExamples: z
      .int()
      .positive()
      .default(20)
      .describe(
        'Smaller slices are not checked, and the blessing lists them. A model of which nothing could be checked is not blessed.',
      ),
    resamples: z.int().min(100).default(1000).describe('Bootstrap resamples.'),
    pictures: z
      .int()
      .min(0)
      .max(200)
      .default(12)
      .describe('Worst mistakes and suspicious labels that the report shows with pictures.'),
  }),
  sameAsAbsent: ['baseline', 'model'],
} as const satisfies ComponentSpec;
