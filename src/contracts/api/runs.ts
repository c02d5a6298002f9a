import { z } from 'zod';
import { nameSchema } from '../access.ts';
import { artifactTypeSchema, storedArtifactSchema } from '../artifact.ts';
import { recordOf } from '../record-of.ts';
import { executionRecordSchema, longestNote, runRecordSchema, runStateSchema } from '../run.ts';
import { pageQuerySchema } from './page.ts';

export const runSchema = runRecordSchema.omit({ codeDigest: true, pid: true });

const executionSchema = executionRecordSchema.omit({ cacheKey: true, keyParts: true });

export const runDetailsSchema = z.object({
  run: runSchema,
  executions: z.array(
    executionSchema.extend({ outputs: z.array(z.object({ key: z.string(), artifact: storedArtifactSchema })) }),
  ),
});

export const runsQuerySchema = pageQuerySchema.extend({
  pipeline: z.string().max(128).optional(),
  state: runStateSchema.optional(),
  experiment: z.string().max(64).optional(),
});

export const artifactsQuerySchema = pageQuerySchema.extend({
  pipeline: z.string().max(128).optional(),
  type: artifactTypeSchema.optional(),
  runId: z.string().max(128).optional(),
});

export const startRunSchema = z.object({
  /** Name of a pipeline that ran here before, or a file inside the server's pipelines folder. */
  pipeline: z.string().min(1).max(1_024),
  /** Texts are read as the parameter's type. Paths are the worker's, inside the data roots. */
  parameters: recordOf(z.unknown()).default({}),
  seed: z.int().min(0).max(0xffff_ffff).optional(),
  experiment: nameSchema.optional().describe('Runs of one question share it'),
  note: z.string().max(longestNote).optional(),
});

export const describeRunSchema = z.strictObject({
  experiment: nameSchema.nullable().optional().describe('null: none'),
  note: z.string().max(longestNote).nullable().optional().describe('null: none'),
});
