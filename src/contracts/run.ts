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

/** A part of a cache key that differs from the step's previous execution. */
const keyChangeSchema = z.object({
  /** `component`, `parameter.<name>`, `input.<key>`, `fingerprint`, `seed`. */
  part: z.string(),
  /** Null = was not part of the key. */
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type KeyChange = z.infer<typeof keyChangeSchema>;

/** Why a step was run or taken from the cache. */
export const explanationSchema = z.object({
  /** `stale`: the key matched, but an artifact is missing or was changed on disk. */
  outcome: z.enum(['hit', 'first', 'changed', 'reverted', 'stale', 'uncacheable']),
  /** One sentence for users. */
  text: z.string(),
  changes: z.array(keyChangeSchema),
});
export type Explanation = z.infer<typeof explanationSchema>;

export const stepProgressSchema = z.object({
  done: z.number(),
  /** 0 = unknown. */
  total: z.number(),
  unit: z.string(),
  /** Units per second over the last 10 s; null = not known yet. */
  rate: z.number().nullable(),
  secondsLeft: z.number().nullable(),
});
export type StepProgress = z.infer<typeof stepProgressSchema>;

/** What an execution cost. */
export const usageSchema = z.object({
  /** CPU time of the run's processes; steps that run at the same time share it equally. */
  cpuSeconds: z.number(),
  /** Most memory that the run's processes held at once while the step ran; shared pages count once. */
  peakMemoryBytes: z.number(),
  /** That the component counted; null for one that counts no photos. */
  photos: z.int().nullable(),
});
export type Usage = z.infer<typeof usageSchema>;

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
  /** Null: it had no attempt, or was made by a version before 0.2. */
  explanation: explanationSchema.nullable(),
  /** The last that was reported, at most a second old while it runs. */
  progress: stepProgressSchema.nullable(),
  /** Null until it has ended, for `cached`, and of versions before 0.2. */
  usage: usageSchema.nullable(),
});
export type ExecutionRecord = z.input<typeof executionRecordSchema>;
