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
      .describe('Two photos whose 64-bit perceptual hashes differ in at most so many bits count as near duplicates.'),
  }),
} as const satisfies ComponentSpec;
