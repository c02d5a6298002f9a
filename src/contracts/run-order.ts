import { z } from 'zod';
import { nameSchema } from './access.ts';
import { instantSchema } from './instant.ts';
import { storedErrorSchema } from './run.ts';

/** A run that waits for a worker. */
export const runOrderSchema = z.object({
  /** Also the run's id once it starts. */
  id: z.uuid(),
  project: nameSchema,
  /** Absolute path of the pipeline file. */
  source: z.string(),
  /** Texts are read as the parameter's type. */
  parameters: z.record(z.string(), z.unknown()),
  seed: z.int().min(0).max(0xffff_ffff).nullable(),
  /** Who asked, for the audit: `key:ci`, `user:mika`. */
  who: z.string(),
  trigger: z.string(),
});
export type RunOrder = z.infer<typeof runOrderSchema>;

/** `queued`: no worker has taken it. `retry`: the worker that had it died; it is taken again. */
export const orderStates = ['queued', 'retry', 'active', 'completed', 'cancelled', 'failed'] as const;
export type OrderState = (typeof orderStates)[number];

export const queuedRunSchema = runOrderSchema.extend({
  state: z.enum(orderStates),
  queuedAt: instantSchema,
  /** The run that came of it, once it has ended: the order's own id, or another when a worker died over the first. */
  runId: z.string().nullable(),
  /** Why it did not start (the pipeline file cannot be loaded). */
  error: storedErrorSchema.nullable(),
});
export type QueuedRun = z.input<typeof queuedRunSchema>;
