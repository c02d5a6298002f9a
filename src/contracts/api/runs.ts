import { z } from 'zod';
import { artifactTypeSchema, storedArtifactSchema } from '../artifact.ts';
import { executionRecordSchema, runRecordSchema, runStateSchema } from '../run.ts';
import { pageQuerySchema } from './page.ts';

export const runSchema = runRecordSchema.omit({ codeDigest: true, pid: true });
export type ApiRun = z.output<typeof runSchema>;

export type ApiArtifact = z.output<typeof storedArtifactSchema>;

export const executionSchema = executionRecordSchema.omit({ cacheKey: true, keyParts: true });

export const runDetailsSchema = z.object({
  run: runSchema,
  executions: z.array(
    executionSchema.extend({ outputs: z.array(z.object({ key: z.string(), artifact: storedArtifactSchema })) }),
  ),
});
export type ApiRunDetails = z.output<typeof runDetailsSchema>;

export const runsQuerySchema = pageQuerySchema.extend({
  pipeline: z.string().max(128).optional(),
  state: runStateSchema.optional(),
});
export type RunsQuery = z.input<typeof runsQuerySchema>;

export const artifactsQuerySchema = pageQuerySchema.extend({
  pipeline: z.string().max(128).optional(),
  type: artifactTypeSchema.optional(),
  runId: z.string().max(128).optional(),
});
export type ArtifactsQuery = z.input<typeof artifactsQuerySchema>;
