import { z } from 'zod';

/** What starts a run by itself. */
export const triggerSchema = z.object({
  name: z.string(),
  /** Pipeline file, and its parameters. */
  pipeline: z.string(),
  parameters: z.record(z.string(), z.string()).default({}),
  when: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('schedule'), cron: z.string(), timeZone: z.string().default('UTC') }),
    /** A folder, or the API saying so. */
    z.object({
      kind: z.literal('new-data'),
      folder: z.string().nullable().default(null),
      minPhotos: z.int().positive().default(1),
    }),
    /** Measured accuracy of an endpoint below a number. */
    z.object({ kind: z.literal('performance'), endpoint: z.string(), below: z.number().min(0).max(1) }),
    /** An open alert of one of these monitors; empty = any drift monitor of the endpoint. */
    z.object({ kind: z.literal('drift'), endpoint: z.string(), monitors: z.array(z.string()).default([]) }),
    z.object({ kind: z.literal('release'), environment: z.string() }),
    z.object({ kind: z.literal('demand') }),
  ]),
  coolDown: z.string().default('6h'),
  /** Runs a day. */
  dailyBudget: z.int().positive().default(4),
  /** New labels since the last run that it started; 0 = none needed. */
  minNewLabels: z.int().nonnegative().default(0),
  isEnabled: z.boolean().default(true),
});
export type Trigger = z.infer<typeof triggerSchema>;

/** Why a trigger fired, or did not. */
export interface TriggerDecision {
  fires: boolean;
  why: string;
  evidence: Readonly<Record<string, unknown>>;
}
