import { z } from 'zod';
import type { ComponentSpec } from '../../contracts/component.ts';
import { unlikePolicies } from '../../contracts/prediction.ts';

/** Classifies many photos -> `predictions.jsonl` or `predictions.csv`. Without output when a connected blessing is negative. */
export const bulkInferrerSpec = {
  name: 'BulkInferrer',
  version: '3',
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
    unlike: z
      .enum(unlikePolicies)
      .default('refuse')
      .describe(
        'As of an endpoint, for photos unlike the training photos. `refuse`: those of no subject of the model are `uncertain`, the others get a warning; `warn`: all get a warning; `answer`: none.',
      ),
    refuseAbove: z
      .number()
      .min(0)
      .max(1_000)
      .nullable()
      .default(null)
      .describe(
        "As of an endpoint: a photo is refused from this distance from the training photos on. 0 = never; null = the model's own limit.",
      ),
    format: z.enum(['jsonl', 'csv']).default('jsonl').describe('JSON Lines, or CSV with a header.'),
  }),
} as const satisfies ComponentSpec;
