import { z } from 'zod';
import type { ComponentSpec } from '../../contracts/component.ts';

/** Statistics -> `schema.json`, inferred from the data or copied from a curated file. */
export const schemaGenSpec = {
  name: 'SchemaGen',
  version: '1',
  seeded: false,
  inputs: { statistics: { type: 'ExampleStatistics' } },
  outputs: { schema: { type: 'Schema' } },
  parameters: z.strictObject({
    from: z
      .string()
      .min(1)
      .optional()
      .describe('Path of a curated schema.json, which is validated and used unchanged; nothing is inferred.'),
    minSide: z.int().positive().default(32).describe('Pixels. Lower bound of the inferred minimum width and height.'),
    maxImbalance: z
      .number()
      .min(1)
      .default(20)
      .describe(
        'Warn when the most frequent label of the train split has more than this many times the photos of the least frequent.',
      ),
    maxDomain: z
      .int()
      .positive()
      .default(50)
      .describe('An attribute with more distinct values gets no domain: any text is accepted.'),
    driftProperty: z
      .number()
      .min(0)
      .max(1)
      .default(0.2)
      .describe('Warn above this Kolmogorov-Smirnov distance of an image property from the previous span.'),
    driftLabels: z
      .number()
      .min(0)
      .max(1)
      .default(0.15)
      .describe('Warn above this Jensen-Shannon distance of the label shares from the previous span.'),
  }),
} as const satisfies ComponentSpec;
