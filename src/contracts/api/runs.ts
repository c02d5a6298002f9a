import { z } from 'zod';
import { artifactTypeSchema, propertiesSchema } from '../artifact.ts';
import { instantSchema, pageQuerySchema } from './page.ts';

export const storedErrorSchema = z.object({ code: z.string(), message: z.string(), remedy: z.string() });

export const runStateSchema = z.enum(['running', 'succeeded', 'failed', 'cancelled']);

export const runSchema = z.object({
  id: z.string(),
  pipeline: z.string(),
  state: runStateSchema,
  parameters: z.record(z.string(), z.unknown()),
  seed: z.number(),
  definitionDigest: z.string(),
  /** Path of the pipeline file on the server. */
  source: z.string().nullable(),
  gitCommit: z.string().nullable(),
  who: z.string(),
  trigger: z.string(),
  cancelRequested: z.boolean(),
  startedAt: instantSchema,
  finishedAt: instantSchema.nullable(),
  error: storedErrorSchema.nullable(),
});
export type ApiRun = z.output<typeof runSchema>;

export const artifactSchema = z.object({
  id: z.string(),
  type: artifactTypeSchema,
  uri: z.string(),
  digest: z.string(),
  properties: propertiesSchema,
  pipeline: z.string(),
  step: z.string(),
  key: z.string(),
  executionId: z.string(),
  createdAt: instantSchema,
  sizeBytes: z.number(),
  deletedAt: instantSchema.nullable(),
});
export type ApiArtifact = z.output<typeof artifactSchema>;

export const executionSchema = z.object({
  id: z.string(),
  runId: z.string(),
  step: z.string(),
  component: z.string(),
  state: z.enum(['running', 'succeeded', 'cached', 'failed', 'cancelled', 'skipped']),
  attempt: z.number(),
  startedAt: instantSchema,
  finishedAt: instantSchema.nullable(),
  summary: z.string().nullable(),
  cachedFrom: z.string().nullable(),
  error: storedErrorSchema.nullable(),
});

export const runDetailsSchema = z.object({
  run: runSchema,
  executions: z.array(
    executionSchema.extend({ outputs: z.array(z.object({ key: z.string(), artifact: artifactSchema })) }),
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
