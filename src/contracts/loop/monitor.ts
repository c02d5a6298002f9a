import { z } from 'zod';
import { givenInstantSchema, instantSchema } from '../instant.ts';
import { recordOf } from '../record-of.ts';
import type { QualityHint } from '../request-record.ts';
import type { PhotoBehaviour } from './behaviour.ts';
import type { Truth } from './feedback.ts';

/**
 * One prediction as monitors see it: of a window of the request log, or of a reference. A train photo in a reference has no prediction
 * (it would be too good), only what does not depend on the head: properties, quality and projection.
 */
export interface Observation {
  /** Public id of the request, or the example's id. */
  id: string;
  /** Milliseconds since 1970; 0 for training photos. */
  atMs: number;
  status: number;
  /** Prediction; null when it failed. */
  label: string | null;
  /** P(positive), or the top label's. 0..1. */
  score: number | null;
  /** [A] calibrated, in the order of the answer labels sorted as text: the labels of a multi-class task, the two names of a question. */
  probabilities: readonly number[] | null;
  uncertain: boolean;
  quality: readonly QualityHint[];
  outOfDistribution: boolean;
  outOfDistributionScore: number | null;
  properties: Readonly<Record<string, number>> | null;
  /** [64]. */
  projection: Float32Array | null;
  attention: { border: number; entropy: number } | null;
  latencyMs: number;
  attributes: Readonly<Record<string, string | number | boolean>>;
  /** From the newest label or verdict; null = none yet. */
  truth: Truth | null;
  /** Read for monitors of behaviour; absent = no events. */
  behaviour?: PhotoBehaviour;
}

/** Monitors that compare photos or answers with those of training. */
export const driftKinds = [
  'positive-rate',
  'prediction-drift',
  'label-drift',
  'embedding-drift',
  'embedding-mmd',
  'image-properties',
  'out-of-distribution',
  'abstain',
  'quality-hints',
  'heat-map-drift',
] as const;

/** Monitors of what users do and what comes of it. */
export const behaviourKinds = [
  'acceptance',
  'abandonment',
  'time-to-decision',
  'outcome',
  'value-per-request',
] as const;

export const monitorKinds = [
  ...driftKinds,
  'error-rate',
  'latency',
  'measured-accuracy',
  'estimated-accuracy',
  'calibration',
  'user-events',
  ...behaviourKinds,
  'traffic-absent',
] as const;
export type MonitorKind = (typeof monitorKinds)[number];

const windowSchema = z.discriminatedUnion('by', [
  z.object({ by: z.literal('time'), days: z.number().positive() }),
  z.object({ by: z.literal('count'), count: z.int().positive() }),
]);

/** [start, end). */
export interface MonitorWindow {
  start: Date;
  end: Date;
}

/** Of a whole window of any size. */
export interface WindowCounts {
  requests: number;
  /** Without client errors, and of them those with status 500 or above. */
  served: number;
  failed: number;
  /** With a score, and of them those above the given one. */
  scored: number;
  positive: number;
}

/** What a window is compared with: the eval photos of the model's artifact, or earlier requests. */
const referenceSchema = z.discriminatedUnion('from', [
  z.object({ from: z.literal('model') }),
  z.object({ from: z.literal('window'), start: givenInstantSchema, end: givenInstantSchema }),
  /** The first days of the current stable version. */
  z.object({ from: z.literal('first-days'), days: z.number().positive().max(366) }),
]);

export const monitorSchema = z.object({
  name: z.string(),
  endpoint: z.string(),
  kind: z.enum(monitorKinds),
  parameters: recordOf(z.unknown()).default({}),
  window: windowSchema.default({ by: 'time', days: 1 }),
  reference: referenceSchema.default({ from: 'model' }),
  /** Only requests with this value of the attribute. */
  slice: z
    .object({ attribute: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) })
    .nullable()
    .default(null),
  /** With fewer observations the state is `not-enough-data`. */
  minSamples: z.int().nonnegative().default(50),
  /** Cron, five fields, UTC. */
  schedule: z.string().default('0 0 * * *'),
  isEnabled: z.boolean().default(true),
});
export type Monitor = z.infer<typeof monitorSchema>;

export const storedMonitorSchema = monitorSchema.extend({ createdAt: instantSchema, who: z.string() });
export interface StoredMonitor extends Monitor, Pick<z.input<typeof storedMonitorSchema>, 'createdAt' | 'who'> {}

/** `breach`: beyond its threshold in this window; the alarm policy decides whether that is an alert. */
const monitorStateSchema = z.enum(['ok', 'breach', 'not-enough-data', 'failed']);
export type MonitorState = z.infer<typeof monitorStateSchema>;

/** What a check found in one window. */
export const findingSchema = z.object({
  state: monitorStateSchema,
  /** Null when there was not enough data. */
  statistic: z.number().nullable(),
  p: z
    .number()
    .nullable()
    .describe('Probability of such a statistic without a change beyond the tolerance; null for a fixed threshold'),
  threshold: z.number().nullable(),
  interval: z.object({ low: z.number(), high: z.number() }).nullable().describe('95 %'),
  /** What changed, by how much: "share of unwell 0.628 -> 0.941". */
  said: z.string(),
  movers: z.array(z.string()).readonly().describe('Ids of the photos that contributed most, in descending order'),
  /** Numbers behind it. */
  details: recordOf(z.unknown()),
});
export type Finding = z.infer<typeof findingSchema>;

export const monitorResultSchema = z.object({
  /** Order of arrival: `listResults({ after })` returns later ones. */
  seq: z.int(),
  monitor: z.string(),
  endpoint: z.string(),
  kind: z.enum(monitorKinds),
  state: monitorStateSchema,
  /** When the check ran. */
  at: instantSchema,
  /** [start, end). */
  windowStart: instantSchema,
  windowEnd: instantSchema,
  finding: findingSchema,
});
export type MonitorResult = z.input<typeof monitorResultSchema>;
