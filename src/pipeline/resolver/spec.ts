import { z } from 'zod';
import type { ComponentSpec } from '../../contracts/component.ts';

/** Finds an earlier model in the registry. */
export const resolverSpec = {
  name: 'Resolver',
  version: '1',
  inputs: {},
  outputs: { model: { type: 'Model', optional: true } },
  parameters: z.strictObject({
    strategy: z
      .enum(['latest-blessed', 'latest', 'champion'])
      .default('latest-blessed')
      .describe('Newest blessed version, newest version, or the version with the alias "champion".'),
    modelName: z.string().min(1).describe('Model name in the registry.'),
  }),
  cacheable: false,
} as const satisfies ComponentSpec;
