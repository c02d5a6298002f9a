import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { recordOf } from './record-of.ts';

export const storedErrorSchema = z.object({ code: z.string(), message: z.string(), remedy: z.string() });
export type StoredError = z.infer<typeof storedErrorSchema>;

const longestText = 10_000;

/** Its text is cut: code that somebody sent may have thrown it. */
export function storedError({ code, message, remedy }: StoredError): StoredError {
  return { code, message: message.slice(0, longestText), remedy: remedy.slice(0, longestText) };
}

/** Characters. */
export const longestNote = 2_000;

export const runStateSchema = z.enum(['running', 'succeeded', 'failed', 'cancelled']);
export type RunState = z.infer<typeof runStateSchema>;

export const runRecordSchema = z.object({
  id: z.string(),
  pipeline: z.string(),
  state: runStateSchema,
  parameters: recordOf(z.unknown()),
  seed: z.number(),
  /** sha256 of the compiled definition. */
  definitionDigest: z.string(),
  /** Absolute path of the pipeline file, for `runs retry`. */
  source: z.string().nullable(),
  /** Of that file and its imports; null without a file. */
  codeDigest: z.string().nullable(),
  gitCommit: z.string().nullable(),
  /** user@host. */
  who: z.string(),
  /** Of the process that executes the run. */
  pid: z.number().nullable(),
  trigger: z.string(),
  /** Runs of one question share it. */
  experiment: z.string().nullable(),
  note: z.string().nullable(),
  cancelRequested: z.boolean(),
  startedAt: instantSchema,
  finishedAt: instantSchema.nullable(),
  error: storedErrorSchema.nullable(),
});
export type RunRecord = z.input<typeof runRecordSchema>;

const executionStateSchema = z.enum(['running', 'succeeded', 'cached', 'failed', 'cancelled', 'skipped']);
export type ExecutionState = z.infer<typeof executionStateSchema>;

export const executionRecordSchema = z.object({
  id: z.string(),
  runId: z.string(),
  step: z.string(),
  component: z.string(),
  state: executionStateSchema,
  cacheKey: z.string().nullable(),
  /** The parts of the cache key, by name, for `--explain`. */
  keyParts: recordOf(z.string()),
  attempt: z.number(),
  startedAt: instantSchema,
  finishedAt: instantSchema.nullable(),
  summary: z.string().nullable(),
  /** The execution whose outputs were reused, for `cached`. */
  cachedFrom: z.string().nullable(),
  error: storedErrorSchema.nullable(),
});
export type ExecutionRecord = z.input<typeof executionRecordSchema>;
