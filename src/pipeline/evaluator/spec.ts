import { z } from 'zod';
import { type AlterationKind, alterationKindSchema, alterationKinds } from '../../contracts/artifacts/alteration.ts';
import { explanationFigureSchema, metricNameSchema, thresholdNames } from '../../contracts/artifacts/evaluation.ts';
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
const metricThresholdsSchema = z.partialRecord(metricNameSchema, thresholdSchema);
const thresholdsSchema = z.partialRecord(z.enum(thresholdNames), thresholdSchema);

const robustnessSchema = z.object({
  photos: z.int().min(20).max(100_000).default(200).describe('Photos of the test split to alter, drawn at random.'),
  kinds: z
    .array(alterationKindSchema)
    .min(1)
    .default([...alterationKinds])
    .describe('Alterations.'),
});

const explanationsSchema = z.object({
  photos: z.int().min(10).max(10_000).default(50).describe('Photos of the test split to explain, drawn at random.'),
});

/** What to explain; null = nothing. */
export function explanationsOf(asked: boolean | z.output<typeof explanationsSchema>): { photos: number } | null {
  if (asked === false) return null;
  return asked === true ? explanationsSchema.parse({}) : asked;
}

/** What to alter and how often; null = nothing. */
export function robustnessOf(
  asked: boolean | z.output<typeof robustnessSchema>,
): z.output<typeof robustnessSchema> | null {
  if (asked === false) return null;
  return asked === true ? robustnessSchema.parse({}) : asked;
}

export const evaluatorSpec = {
  name: 'Evaluator',
  version: '11',
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
  parameters: z
    .object({
      thresholds: thresholdsSchema
        .default({})
        .describe(
          "Thresholds on the whole test split: for the task's metrics; for `sensitivity`, `specificity` and (if the Trainer's rule has costs) `cost` at the threshold of a question; for `labelSetCoverage` and `labelSetSize`.",
        ),
      sliceThresholds: metricThresholdsSchema
        .default({})
        .describe(
          'Thresholds for each slice of at least `minSliceExamples` photos, the worst of them included. Smaller slices are not checked.',
        ),
      robustness: z
        .union([z.boolean(), robustnessSchema])
        .default(false)
        .describe(
          'Metrics on altered photos of the test split: blur, darker, brighter, jpeg, crop, rotation, background. Costs about 16 ms of CPU per photo and alteration, as many times more as the model averages views. `true`: all of them on 200 photos.',
        ),
      robustnessThresholds: z
        .partialRecord(alterationKindSchema, metricThresholdsSchema)
        .default({})
        .describe(
          'Thresholds by alteration, if it could be done to `minSliceExamples` photos; `change` and `changeWorst` are against the unaltered photos.',
        ),
      explanations: z
        .union([z.boolean(), explanationsSchema])
        .default(false)
        .describe(
          'Figures of the heat maps: deletion, insertion, border, and inLesions and pointing for labels of drawn leaves. Costs 22 predictions per photo. `true`: on 50 photos.',
        ),
      explanationThresholds: z
        .partialRecord(
          explanationFigureSchema,
          thresholdSchema.pick({ min: true, minLower: true, max: true, maxUpper: true }),
        )
        .default({})
        .describe('Thresholds for figures of the heat maps.'),
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
    })
    .superRefine(({ robustness, robustnessThresholds, explanations, explanationThresholds }, context) => {
      const measured = robustnessOf(robustness)?.kinds ?? [];
      for (const kind of Object.keys(robustnessThresholds) as AlterationKind[]) {
        if (measured.includes(kind)) continue;
        const message = `is not measured; add it to \`robustness\` (measured: ${measured.join(', ') || 'none'})`;
        context.addIssue({ code: 'custom', path: ['robustnessThresholds', kind], message });
      }
      if (explanations === false && Object.keys(explanationThresholds).length > 0) {
        const message = 'nothing is measured; add `explanations: true`';
        context.addIssue({ code: 'custom', path: ['explanationThresholds'], message });
      }
    }),
  sameAsAbsent: ['baseline', 'model'],
} as const satisfies ComponentSpec;
