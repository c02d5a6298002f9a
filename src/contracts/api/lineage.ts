import { z } from 'zod';
import { storedArtifactSchema } from '../artifact.ts';
import { instantSchema } from '../instant.ts';
import { modelVersionSchema } from '../model.ts';
import { runSchema } from './runs.ts';

const placeSchema = z.object({
  artifactId: z.string(),
  pipeline: z.string(),
  span: z.number(),
  split: z.string(),
  label: z.string(),
  filename: z.string(),
  group: z.string(),
});

/** Where a thing comes from and what was made of it. */
export const lineageSchema = z.object({
  subject: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('artifact'), artifactId: z.string() }),
    z.object({ kind: z.literal('model'), model: modelVersionSchema }),
    z.object({ kind: z.literal('photo'), sha256: z.string(), places: z.array(placeSchema) }),
  ]),
  artifacts: z.array(storedArtifactSchema.extend({ relation: z.enum(['subject', 'ancestor', 'descendant']) })),
  executions: z.array(
    z.object({
      id: z.string(),
      step: z.string(),
      component: z.string(),
      startedAt: instantSchema,
      summary: z.string().nullable(),
      runIds: z.array(z.string()),
    }),
  ),
  /** `from` was read by `to`, or `to` was written by `from`; one end is an artifact, the other an execution. */
  edges: z.array(z.object({ from: z.string(), to: z.string(), key: z.string(), isHistory: z.boolean() })),
  runs: z.array(
    runSchema.pick({
      id: true,
      pipeline: true,
      state: true,
      startedAt: true,
      who: true,
      trigger: true,
      gitCommit: true,
      parameters: true,
      seed: true,
    }),
  ),
  models: z.array(modelVersionSchema.extend({ trainedOn: z.boolean().nullable() })),
});

export const lineageQuerySchema = z.object({
  of: z
    .string()
    .regex(/^[\w.@-]{1,160}$/)
    .describe('An artifact id, a model version (leaf-health@3), or the sha256 of a photo'),
});
