import { z } from 'zod';
import { nameSchema } from '../access.ts';
import { artifactTypeSchema, storedArtifactSchema } from '../artifact.ts';
import { instantSchema } from '../instant.ts';
import { recordOf } from '../record-of.ts';
import {
  executionRecordSchema,
  explanationSchema,
  longestNote,
  runRecordSchema,
  runStateSchema,
  stepProgressSchema,
  storedErrorSchema,
  usageSchema,
} from '../run.ts';
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

/** What flows from step to step. */
const edgeSchema = z.object({
  producer: z.string().describe('step'),
  output: z.string(),
  consumer: z.string().describe('step'),
  input: z.string(),
});

export const pipelineSummarySchema = z.object({
  pipeline: z.string().describe('What `runs.start` takes: its name, or its file if it has not run'),
  file: z.string().nullable().describe('In the pipelines folder; null = elsewhere'),
  runs: z.int(),
  isStartable: z.boolean().describe('Its file exists'),
  lastRun: runRecordSchema.pick({ id: true, state: true, startedAt: true, finishedAt: true }).nullable(),
});

export const pipelineGraphSchema = z.object({
  name: z.string(),
  file: z.string().nullable(),
  seed: z.number(),
  parameters: z.array(
    z.object({
      name: z.string(),
      type: z.enum(['uri', 'string', 'number', 'integer', 'boolean']),
      isRequired: z.boolean(),
      default: z.json().describe('null = none; a path is relative to the pipeline file'),
      choices: z.array(z.string()).nullable(),
      description: z.string().nullable(),
    }),
  ),
  steps: z.array(z.object({ step: z.string(), component: z.string() })),
  edges: z.array(edgeSchema),
});

export const runGraphSchema = z.object({
  run: runRecordSchema.pick({
    id: true,
    pipeline: true,
    state: true,
    startedAt: true,
    finishedAt: true,
    cancelRequested: true,
  }),
  steps: z.array(
    z.object({
      step: z.string(),
      component: z.string(),
      execution: z.string().nullable().describe('Of the last attempt; null = none yet'),
      state: z.enum([...executionRecordSchema.shape.state.options, 'waiting']),
      attempts: z.int(),
      startedAt: instantSchema.nullable(),
      finishedAt: instantSchema.nullable(),
      summary: z.string().nullable(),
      error: storedErrorSchema.nullable(),
      explanation: explanationSchema.nullable().describe('Why it ran or came from the cache'),
      progress: stepProgressSchema.nullable(),
      usage: usageSchema.nullable(),
      cachedFrom: z.object({ execution: z.string(), runId: z.string() }).nullable(),
      savedSeconds: z.number().nullable().describe('That the execution took whose outputs were reused'),
    }),
  ),
  edges: z.array(edgeSchema),
});

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

export const stepLogQuerySchema = z.object({
  after: z.coerce.number().int().min(0).max(1e9).default(0).describe('Lines before the window'),
  last: z.coerce.number().int().min(1).max(500).optional().describe('Instead of `after`: so many lines at the end'),
  limit: z.coerce.number().int().min(1).max(500).default(200),
  level: z.enum(logLevels).default('debug').describe('Only lines of this level or above; they are counted alone'),
});

export const logLineSchema = z.object({
  line: z.int().describe('From 1'),
  time: instantSchema,
  level: z.enum(logLevels),
  message: z.string(),
  fields: recordOf(z.unknown()),
});

export const stepLogSchema = z.object({
  total: z.int().describe('Lines at this level or above'),
  isOpen: z.boolean().describe('The step may write more'),
  lines: z.array(logLineSchema),
});
