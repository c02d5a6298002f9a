import { z } from 'zod';
import { type View, viewSchema } from '../../contracts/artifacts/signature.ts';
import { backboneChoiceSchema, inputStep } from '../../contracts/backbone.ts';
import type { ComponentSpec } from '../../contracts/component.ts';

const viewPresets = {
  plain: ['plain'],
  /** What photos of any shape can be turned into without resampling. */
  flipped: ['plain', 'flip-h', 'flip-v', 'rot180'],
  dihedral: ['plain', 'flip-h', 'flip-v', 'rot90', 'rot180', 'rot270', 'transpose', 'transverse'],
} as const satisfies Record<string, readonly View[]>;

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
  parameters: z
    .object({
      backbone: backboneChoiceSchema
        .default('mobilenet-v2')
        .describe(
          'Name of a backbone (`default`: the best on this machine, which the artifact records), or any ONNX file with its sha256.',
        ),
      inputSize: z
        .int()
        .min(2 * inputStep)
        .max(1024)
        .multipleOf(inputStep)
        .optional()
        .describe(
          `Side in pixels of the square that photos are scaled to, a multiple of ${inputStep}; only for backbones by name. Small spots on large photos need more; the work grows with its square. Absent: the backbone's own (224, inception-v3: 299).`,
        ),
      views: z
        .union([
          z.enum(['plain', 'flipped', 'dihedral']).transform((preset): View[] => [...viewPresets[preset]]),
          z.array(viewSchema).min(1),
        ])
        .refine((views) => new Set(views).size === views.length, 'a view is listed twice')
        .default(['plain'])
        .describe(
          'Each photo is embedded in each view; the Trainer learns from all of them and averages its `testViews`. `plain` comes first. `flipped`: plain, mirrored each way, and both; `dihedral`: all eight flips and quarter turns.',
        ),
    })
    .refine(({ backbone, inputSize }) => inputSize === undefined || typeof backbone === 'string', {
      message: 'is only for backbones by name; the entry of your own file has input.width and input.height',
      path: ['inputSize'],
    }),
} as const satisfies ComponentSpec;
