import { z } from 'zod';
import { viewSchema } from '../../contracts/artifacts/signature.ts';
import { backboneChoiceSchema } from '../../contracts/backbone.ts';
import type { ComponentSpec } from '../../contracts/component.ts';

/** The plain photo and its seven flips and rotations. */
export const dihedral = ['plain', 'flip-h', 'flip-v', 'rot90', 'rot180', 'rot270', 'transpose', 'transverse'] as const;

export const transformSpec = {
  name: 'Transform',
  version: '1',
  inputs: {
    examples: { type: 'Examples' },
    schema: { type: 'Schema', optional: true },
    /** If wired, photos that violate the schema stop the run here, before hours of embedding. */
    anomalies: { type: 'ExampleAnomalies', optional: true },
  },
  outputs: { transformGraph: { type: 'TransformGraph' } },
  parameters: z.object({
    backbone: backboneChoiceSchema
      .default('mobilenet-v2')
      .describe(
        'Name of a backbone (`default`: the best on this machine, which the artifact records), or any ONNX file with its sha256.',
      ),
    views: z
      .union([
        z.enum(['plain', 'dihedral']).transform((preset) => (preset === 'plain' ? ['plain'] : [...dihedral])),
        z.array(viewSchema).min(1),
      ])
      .refine((views) => new Set(views).size === views.length, 'a view is listed twice')
      .default(['plain'])
      .describe(
        'Each photo is embedded in each view; the Trainer learns from all of them and averages its `testViews`. `plain` comes first.',
      ),
  }),
} as const satisfies ComponentSpec;
