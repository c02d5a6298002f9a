import { z } from 'zod';
import type { ComponentSpec } from '../../contracts/component.ts';

/** Statistics -> `schema.json`, inferred from the data or taken from a curated file. */
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
      .describe('Path of a curated schema.json: it is checked and taken as it is, and nothing is inferred.'),
    minSide: z.int().positive().default(32).describe('Pixels. The inferred least width and height are never below it.'),
    maxImbalance: z
      .number()
      .min(1)
      .default(20)
      .describe('Most photos of a label over fewest, in the train split, before a warning.'),
    maxDomain: z
      .int()
      .positive()
      .default(50)
      .describe('An attribute with more distinct values gets no domain: any text is taken.'),
    driftProperty: z
      .number()
      .min(0)
      .max(1)
      .default(0.2)
      .describe('Kolmogorov-Smirnov distance of an image property from the previous span before a warning.'),
    driftLabels: z
      .number()
      .min(0)
      .max(1)
      .default(0.15)
      .describe('Jensen-Shannon distance of the label shares from the previous span before a warning.'),
  }),
} as const satisfies ComponentSpec;
