import { z } from 'zod';
import type { ComponentSpec } from '../../contracts/component.ts';

/** Examples -> `statistics.json`, `Split-<split>/statistics.json`, `border-pixels.jsonl`. */
export const statisticsGenSpec = {
  name: 'StatisticsGen',
  version: '1',
  seeded: false,
  sealed: true,
  inputs: { examples: { type: 'Examples' } },
  outputs: { statistics: { type: 'ExampleStatistics' } },
  parameters: z.strictObject({
    nearDuplicateDistance: z
      .int()
      .min(0)
      .max(8)
      .default(3)
      .describe('Two photos are near duplicates if their 64-bit perceptual hashes differ in at most this many bits.'),
  }),
} as const satisfies ComponentSpec;
