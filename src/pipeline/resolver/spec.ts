import { z } from 'zod';
import type { ComponentSpec } from '../../contracts/component.ts';

/** Finds an earlier model in the registry; the launcher does the looking up. */
export const resolverSpec = {
  name: 'Resolver',
  version: '1',
  inputs: {},
  outputs: { model: { type: 'Model', optional: true } },
  parameters: z.strictObject({
    strategy: z
      .enum(['latest-blessed', 'latest', 'champion'])
      .default('latest-blessed')
      .describe('Newest blessed version, newest version, or the one that the alias "champion" points to.'),
    modelName: z.string().min(1).describe('Name in the registry.'),
  }),
  cacheable: false,
} as const satisfies ComponentSpec;
