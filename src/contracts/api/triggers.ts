import { z } from 'zod';
import { durationSchema } from '../../codecs/duration.ts';
import { instantSchema } from '../instant.ts';
import { firingSchema, firingStates, storedTriggerSchema, triggerSchema } from '../loop/trigger.ts';
import { pageQuerySchema } from './page.ts';

export const createTriggerSchema = triggerSchema;

export const triggerDetailsSchema = z.object({
  trigger: storedTriggerSchema,
  /** Of a schedule that is on. */
  next: instantSchema.nullable(),
  /** Newest first. */
  firings: z.array(firingSchema),
});

const callKey = z.string().min(1).max(128).optional().describe('The same key is the same call');

export const runTriggerSchema = z.object({ key: callKey });

export const notifyTriggerSchema = z.object({
  photos: z.int().positive().max(1_000_000_000).describe('How many are new'),
  key: callKey,
});

export const dryRunQuerySchema = z.object({ last: durationSchema.default('30d') });

const wouldBe = z.array(z.object({ at: instantSchema, why: z.string() }));
export const dryRunSchema = z.object({
  trigger: z.string(),
  from: instantSchema,
  to: instantSchema,
  fired: wouldBe,
  /** Kept from firing by a limit: each occasion once, with its first reason. */
  kept: wouldBe,
});

export const firingsQuerySchema = pageQuerySchema.extend({ state: z.enum(firingStates).optional() });
