import { z } from 'zod';
import { nameSchema } from './access.ts';
import { instantSchema } from './instant.ts';
import { recordOf } from './record-of.ts';
import { longestNote, storedErrorSchema } from './run.ts';

/** A queued run. */
export const runOrderSchema = z.object({
  /** Also the run's id once it starts. */
  id: z.uuid(),
  project: nameSchema,
  /** Absolute path of the pipeline file. */
  source: z.string(),
  /** Strings are parsed as the type of the parameter. */
  parameters: recordOf(z.unknown()),
  seed: z.int().min(0).max(0xffff_ffff).nullable(),
  /** Author for the audit log: `key:ci`, `user:mika`. */
  who: z.string(),
  trigger: z.string(),
  experiment: nameSchema.optional(),
  note: z.string().max(longestNote).optional(),
  /** Asked for over HTTP: places in its parameters are confined to the data roots of the project. */
  isConfined: z.boolean().default(false),
});
export type RunOrder = z.infer<typeof runOrderSchema>;

/** `queued`: not taken by a worker yet. `retry`: its worker died; another takes it. */
const orderStates = ['queued', 'retry', 'active', 'completed', 'cancelled', 'failed'] as const;
export type OrderState = (typeof orderStates)[number];

export const queuedRunSchema = runOrderSchema.extend({
  state: z.enum(orderStates),
  queuedAt: instantSchema,
  /** The resulting run, once it has ended: the order's own id, or another if a worker died over the first. */
  runId: z.string().nullable(),
  /** Why it did not start (the pipeline file cannot be loaded). */
  error: storedErrorSchema.nullable(),
});
export type QueuedRun = z.input<typeof queuedRunSchema>;
