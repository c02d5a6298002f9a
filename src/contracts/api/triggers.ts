import { z } from 'zod';
import { durationSchema } from '../../codecs/duration.ts';
import { instantSchema } from '../instant.ts';
import { firingStates, triggerSchema } from '../loop/trigger.ts';
import { runStateSchema, storedErrorSchema } from '../run.ts';
import { pageQuerySchema } from './page.ts';

export const createTriggerSchema = triggerSchema;
export type CreateTrigger = z.input<typeof createTriggerSchema>;

export const firingSchema = z.object({
  seq: z.number(),
  trigger: z.string(),
  /** What fired it: a schedule's moment, an alert, a folder's digest. Once each. */
  occasion: z.string(),
  at: instantSchema,
  /** `held`: it fires once what holds it is over. `skipped`: it never will. */
  state: z.enum(firingStates),
  why: z.string(),
  evidence: z.record(z.string(), z.unknown()),
  who: z.string(),
  runId: z.string().nullable(),
  enqueuedAt: instantSchema.nullable(),
  /** Why its run could not be queued; tried again each minute. */
  error: storedErrorSchema.nullable(),
  /** What came of it; null while no worker has taken it. */
  run: z
    .object({
      id: z.string(),
      state: runStateSchema,
      startedAt: instantSchema,
      finishedAt: instantSchema.nullable(),
      error: storedErrorSchema.nullable(),
    })
    .nullable(),
});
export type ApiFiring = z.output<typeof firingSchema>;

export const storedTriggerSchema = triggerSchema.extend({
  /** What happened before is not its business. */
  since: instantSchema,
  createdAt: instantSchema,
  who: z.string(),
  problem: z
    .object({ code: z.string(), message: z.string(), since: z.string() })
    .nullable()
    .describe('Why what it watches cannot be looked at'),
});
export type ApiTrigger = z.output<typeof storedTriggerSchema>;

export const triggerDetailsSchema = z.object({
  trigger: storedTriggerSchema,
  /** Of a schedule that is on. */
  next: instantSchema.nullable(),
  /** Newest first. */
  firings: z.array(firingSchema),
});
export type ApiTriggerDetails = z.output<typeof triggerDetailsSchema>;

const callKey = z.string().min(1).max(128).optional().describe('The same key is the same call');

export const runTriggerSchema = z.object({ key: callKey });
export type RunTrigger = z.input<typeof runTriggerSchema>;

export const notifyTriggerSchema = z.object({
  photos: z.int().positive().max(1_000_000_000).describe('How many are new'),
  key: callKey,
});
export type NotifyTrigger = z.input<typeof notifyTriggerSchema>;

export const dryRunQuerySchema = z.object({ last: durationSchema.default('30d') });
export type DryRunQuery = z.input<typeof dryRunQuerySchema>;

const wouldBe = z.array(z.object({ at: instantSchema, why: z.string() }));
export const dryRunSchema = z.object({
  trigger: z.string(),
  from: instantSchema,
  to: instantSchema,
  fired: wouldBe,
  /** Kept from firing by a limit: each occasion once, with its first reason. */
  kept: wouldBe,
});
export type ApiDryRun = z.output<typeof dryRunSchema>;

export const firingsQuerySchema = pageQuerySchema.extend({ state: z.enum(firingStates).optional() });
export type FiringsQuery = z.input<typeof firingsQuerySchema>;
