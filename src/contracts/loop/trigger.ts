import { z } from 'zod';
import { durationSchema } from '../../codecs/duration.ts';
import { nameSchema } from '../access.ts';
import { instantSchema } from '../instant.ts';
import { recordOf } from '../record-of.ts';
import { runRecordSchema, storedErrorSchema } from '../run.ts';
import type { EventKey } from './event-key.ts';
import { flywheelPolicySchema } from './flywheel.ts';

const triggerKinds = ['schedule', 'new-data', 'performance', 'drift', 'release', 'demand'] as const;
export type TriggerKind = (typeof triggerKinds)[number];

const endpoint = nameSchema;

/** Starts runs automatically. */
export const triggerSchema = z.object({
  name: nameSchema,
  /** Name of a pipeline that ran here before, or its file. */
  pipeline: z.string().min(1).max(1_024),
  /** Parsed as the type of the parameter. */
  parameters: recordOf(z.string()).default({}),
  when: z.discriminatedUnion('kind', [
    /** Five fields; each scheduled time fires once. */
    z.object({
      kind: z.literal('schedule'),
      cron: z.string().max(128),
      timeZone: z.string().max(64).default('UTC'),
    }),
    /** A folder on the worker's machine, or `s3://bucket/prefix`, checked each minute; also fired by API calls, with or without a folder. */
    z.object({
      kind: z.literal('new-data'),
      folder: z.string().min(1).max(1_024).nullable().default(null),
      minPhotos: z.int().positive().default(1),
    }),
    /** Measured accuracy of an endpoint below a number; `certain`: only if the whole 95 % interval is. */
    z.object({
      kind: z.literal('performance'),
      endpoint,
      below: z.number().min(0).max(1),
      certain: z.boolean().default(true),
    }),
    /** An open alert of one of these monitors; empty = any drift monitor of the endpoint. */
    z.object({ kind: z.literal('drift'), endpoint, monitors: z.array(z.string()).default([]) }),
    /** A release for this environment. */
    z.object({ kind: z.literal('release'), environment: nameSchema }),
    /** Only manually. */
    z.object({ kind: z.literal('demand') }),
  ]),
  /** Minimum time between two runs. */
  coolDown: durationSchema.default('6h'),
  /** Maximum number of runs in 24 hours. */
  dailyBudget: z.int().positive().default(4),
  /** Required new labels since the last run that it started, without those of public sources and those in dispute; 0 = none. */
  minNewLabels: z.int().nonnegative().default(0),
  /** Exports labelled requests to a new span before the run; null = off. */
  flywheel: flywheelPolicySchema.nullable().default(null),
  isEnabled: z.boolean().default(true),
});
export type Trigger = z.infer<typeof triggerSchema>;
export type TriggerInput = z.input<typeof triggerSchema>;

export interface TriggerDecision {
  fires: boolean;
  why: string;
  evidence: Readonly<Record<string, unknown>>;
}

/** `held`: it fires once no limit holds it. `skipped`: it never will. */
export const firingStates = ['fired', 'held', 'skipped'] as const;
export type FiringState = (typeof firingStates)[number];

/** Why a folder or bucket cannot be watched. */
const watchProblemSchema = z.object({
  code: z.string(),
  message: z.string(),
  /** ISO 8601. */
  since: z.string(),
});
type WatchProblem = z.infer<typeof watchProblemSchema>;

/** State of a watched folder or bucket. */
export interface FolderMemory {
  /** Of the content at the last check: photos that are still arriving are waited for. */
  digest: string;
  /** Base64 of 6 bytes per file that a run has used. */
  seen: string;
  /** Absent = it can be read. */
  problem?: WatchProblem;
}

export const storedTriggerSchema = triggerSchema.extend({
  /** When it was created or last enabled: earlier events do not count, except alerts that are still open. */
  since: instantSchema,
  createdAt: instantSchema,
  who: z.string(),
  problem: watchProblemSchema.nullable().describe('Why the watched folder cannot be read'),
});
export interface StoredTrigger
  extends Trigger,
    Pick<z.input<typeof storedTriggerSchema>, 'since' | 'createdAt' | 'who' | 'problem'> {
  memory: FolderMemory | null;
  /** Made over HTTP: places in its parameters are confined to the data roots. */
  isConfined: boolean;
}

/** One event of a trigger, and its result. */
export const firingSchema = z.object({
  seq: z.number(),
  trigger: z.string(),
  /** What fired it: a scheduled time, an alert, a folder's digest. Once each. */
  occasion: z.string(),
  at: instantSchema,
  state: z.enum(firingStates),
  why: z.string(),
  evidence: recordOf(z.unknown()),
  who: z.string(),
  /** Of its order; null if it did not fire. */
  runId: z.string().nullable(),
  enqueuedAt: instantSchema.nullable(),
  /** Why its run could not be queued (retried each minute) or could not start. */
  error: storedErrorSchema.nullable(),
  /** Null until a worker takes the order. */
  run: runRecordSchema.pick({ id: true, state: true, startedAt: true, finishedAt: true, error: true }).nullable(),
});
export interface Firing extends z.input<typeof firingSchema> {
  occasion: EventKey;
}

/** What the limits of a trigger are checked against. */
export interface FiringHistory {
  /**
   * When it fired, within the cool-down or 24 hours of now, whichever is longer; also after now, for a clock that was set back.
   */
  fired: Date[];
  /** Photos labelled since it last fired; labels of strangers and those in dispute do not count. */
  newLabels: number;
}
