import { z } from 'zod';
import type { ComponentSpec } from '../../contracts/component.ts';

/** Checks statistics against the schema and the previous span -> `anomalies.json`, `Split-<split>/anomalies.json`. */
export const exampleValidatorSpec = {
  name: 'ExampleValidator',
  version: '1',
  sealed: true,
  inputs: {
    statistics: { type: 'ExampleStatistics' },
    schema: { type: 'Schema' },
    previousStatistics: {
      type: 'ExampleStatistics',
      optional: true,
      history: { component: 'StatisticsGen', key: 'statistics' },
    },
  },
  outputs: { anomalies: { type: 'ExampleAnomalies' } },
  parameters: z.strictObject({
    backgroundProbe: z
      .boolean()
      .default(true)
      .describe('Try to predict the label from 8 border pixels, and warn if that works.'),
    backgroundLimit: z
      .number()
      .min(0)
      .max(1)
      .default(0.15)
      .describe(
        'The probe warns when the lower bound of its chance-corrected accuracy (0 = guessing, 1 = always right) reaches this.',
      ),
  }),
} as const satisfies ComponentSpec;
