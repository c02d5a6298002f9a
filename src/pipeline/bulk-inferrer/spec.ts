import { z } from 'zod';
import type { ComponentSpec } from '../../contracts/component.ts';
import { usualRefuseAbove } from '../../contracts/prediction.ts';

/** Classifies many photos -> `predictions.jsonl` or `predictions.csv`. Without output when a connected blessing is negative. */
export const bulkInferrerSpec = {
  name: 'BulkInferrer',
  version: '2',
  seeded: false,
  inputs: {
    model: { type: 'Model' },
    examples: { type: 'Examples', optional: true },
    blessing: { type: 'ModelBlessing', optional: true },
    infraBlessing: { type: 'InfraBlessing', optional: true },
  },
  outputs: { inferenceResult: { type: 'InferenceResult', optional: true } },
  parameters: z.strictObject({
    source: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder, bucket, ZIP, CSV or JSONL manifest, or TFRecord shards. Absent = the photos of the input "examples".',
      ),
    splits: z
      .array(z.enum(['train', 'eval', 'test']))
      .min(1)
      .optional()
      .describe('Splits of "examples" to classify. Absent = all.'),
    refuseAbove: z
      .number()
      .min(0)
      .max(1_000)
      .default(usualRefuseAbove)
      .describe(
        'As of an endpoint: from this distance from the training photos on, the label is `uncertain`. 0 = never.',
      ),
    format: z.enum(['jsonl', 'csv']).default('jsonl').describe('JSON Lines, or CSV with a header.'),
  }),
} as const satisfies ComponentSpec;
