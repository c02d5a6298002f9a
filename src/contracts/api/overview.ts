import { z } from 'zod';
import { instantSchema } from '../instant.ts';
import { runStateSchema } from '../run.ts';
import { severities } from '../severity.ts';

const count = z.int().nonnegative();
const ofADay = count.describe('In the last 24 hours');

/** Each part of the loop in numbers, in the order of the loop. */
const stationsSchema = z.object({
  photos: z.object({
    photos: count.nullable().describe('Of the newest examples of each pipeline; null = none, or of an older version'),
    dataSets: count,
    newPhotos: ofADay.describe('Labelled predictions that became examples in the last 24 hours'),
  }),
  training: z.object({
    running: count,
    queued: count,
    succeeded: ofADay,
    failed: ofADay,
    last: z.object({ id: z.string(), pipeline: z.string(), state: runStateSchema, at: instantSchema }).nullable(),
  }),
  evaluation: z.object({
    versions: count,
    blessed: count,
    newVersions: ofADay,
    newest: z
      .object({ model: z.string(), version: z.int(), blessed: z.boolean(), accuracy: z.number().nullable() })
      .nullable(),
  }),
  service: z.object({
    endpoints: count,
    answering: count.describe('Endpoints with a stable version'),
    changes: ofADay,
    promotions: count.describe('Under way'),
    stable: z.string().nullable().describe('The version of the only endpoint that answers'),
  }),
  requests: z.object({ photos: ofADay, failed: ofADay, uncertain: ofADay, unlike: ofADay }),
  feedback: z.object({ labels: ofADay, events: ofADay, waiting: count.describe('Photos to label') }),
  monitors: z.object({ monitors: count, results: ofADay, opened: ofADay, alerts: count.describe('Unresolved') }),
  triggers: z.object({ triggers: count, enabled: count, fired: ofADay, lastFiredAt: instantSchema.nullable() }),
});

/** What waits for a person, most urgent first. */
const needSchema = z.object({
  kind: z.enum(['alert', 'approval', 'failed-run', 'trigger', 'dead-letter', 'worker', 'review']),
  /** Of the alert, promotion or run; the trigger's name; null otherwise. */
  id: z.string().nullable(),
  endpoint: z.string().nullable(),
  /** Monitor, candidate, pipeline. */
  of: z.string().nullable(),
  severity: z.enum(severities),
  since: instantSchema.nullable(),
  /** In the words of the part that reports it; empty when the count says it all. */
  said: z.string(),
  count: count,
});

/** Null for those who see one project of a server with several. */
const healthSchema = z
  .object({
    workers: count,
    lastTickAt: instantSchema.nullable(),
    lastTickSeconds: z.number().nullable(),
    failedParts: z.array(z.object({ project: z.string().nullable(), part: z.string(), code: z.string() })),
    queuedRuns: count,
    /** Of the request journal: what the database does not have yet. */
    backlog: z.object({ records: count, bytes: count }).nullable(),
    disk: z.object({ freeBytes: z.number(), sizeBytes: z.number() }).nullable(),
  })
  .nullable();

export const overviewSchema = z.object({
  project: z.string(),
  at: instantSchema,
  stations: stationsSchema,
  needs: z.array(needSchema),
  health: healthSchema,
});
export type Overview = z.input<typeof overviewSchema>;
export type Need = z.input<typeof needSchema>;

export const searchQuerySchema = z.object({ q: z.string().trim().min(1).max(100) });

/** Something with a page of its own. */
const hitSchema = z.object({
  kind: z.enum([
    'endpoint',
    'model',
    'pipeline',
    'run',
    'monitor',
    'alert',
    'trigger',
    'promotion',
    'prediction',
    'subject',
    'data-set',
  ]),
  id: z.string(),
  title: z.string(),
  /** What it belongs to, or its state. */
  detail: z.string(),
});
export type Hit = z.infer<typeof hitSchema>;

export const searchSchema = z.object({ hits: z.array(hitSchema) });
