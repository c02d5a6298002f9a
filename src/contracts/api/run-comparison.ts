import { z } from 'zod';
import { metricsSchema } from '../artifacts/evaluation.ts';
import { splitSchema } from '../artifacts/example.ts';
import { recordOf } from '../record-of.ts';
import { executionRecordSchema } from '../run.ts';
import { taskSchema } from '../task.ts';
import { runSchema } from './runs.ts';

export const compareRunsQuerySchema = z.object({
  runs: z
    .string()
    .max(1_024)
    .regex(/^[^,]+(,[^,]+){1,9}$/)
    .describe('2 to 10 runs (id, its beginning, or `latest`) or model versions (`leaf@3`), separated by commas'),
});

const comparedRunSchema = z.object({
  /** As it was asked for. */
  reference: z.string(),
  run: runSchema,
  /** The version asked for, or the one that the run registered. */
  model: z.object({ name: z.string(), version: z.number() }).nullable(),
  /** Null while it runs. */
  seconds: z.number().nullable(),
  steps: z.array(
    z.object({ step: z.string(), state: executionRecordSchema.shape.state, seconds: z.number().nullable() }),
  ),
  /** That the model was evaluated on, else that the run made. Counts are null when gc has deleted the files. */
  data: z
    .object({
      examples: z.string().describe('Id of the Examples artifact'),
      pipeline: z.string(),
      digest: z.string(),
      span: z.int().nullable(),
      version: z.int().nullable(),
      counts: recordOf(z.partialRecord(splitSchema, z.int())).nullable().describe('label -> split -> photos'),
    })
    .nullable(),
  evaluation: z
    .object({
      task: taskSchema,
      labels: z.array(z.string()),
      examples: z.int(),
      threshold: z.number(),
      metrics: metricsSchema,
    })
    .nullable(),
});

export const notPaired = ['not-evaluated', 'other-task', 'no-common-photos', 'files-deleted'] as const;

const pairedDifferenceSchema = z.object({
  /** Index in `runs`. */
  run: z.int().min(1),
  /** In the test splits of both, under the same label, which both models know. */
  photos: z.int(),
  leftOut: z.object({ inOneOnly: z.int(), relabelled: z.int(), unknownLabel: z.int() }),
  /** This run - the first run, paired by photo, with 95 % intervals. Null: see `why`. */
  difference: metricsSchema.nullable(),
  why: z.enum(notPaired).nullable(),
});
export type PairedDifference = z.infer<typeof pairedDifferenceSchema>;

export const runComparisonSchema = z.object({
  runs: z.array(comparedRunSchema),
  /** Parameters of runs and steps, seeds, code and components that are not the same in all; `values` as in `runs`, null = none. */
  parameters: z.array(z.object({ name: z.string(), values: z.array(z.string().nullable()) })),
  /** Of every run but the first, against the first. */
  differences: z.array(pairedDifferenceSchema),
});
export type RunComparison = z.input<typeof runComparisonSchema>;
