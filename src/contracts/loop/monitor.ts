import { z } from 'zod';
import type { QualityHint } from '../request-record.ts';
import type { Truth } from './feedback.ts';

/**
 * One answered photo as monitors see it: of a window of the request log, or of a reference. A train photo in a reference has no answer (its
 * would flatter), only what does not depend on the head: properties, quality and projection.
 */
export interface Observation {
  /** Public id of the request, or the example's id. */
  id: string;
  /** Milliseconds since 1970; 0 for training photos. */
  atMs: number;
  status: number;
  /** Answer; null when it failed. */
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
  /** The newest word on it; null = none yet. */
  truth: Truth | null;
  /** Names of user events. */
  events: readonly string[];
}

export const monitorKinds = [
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
  'error-rate',
  'latency',
  'measured-accuracy',
  'estimated-accuracy',
  'user-events',
  'traffic-absent',
] as const;
export type MonitorKind = (typeof monitorKinds)[number];

/** Which requests a check looks at. */
export const windowSchema = z.discriminatedUnion('by', [
  z.object({ by: z.literal('time'), days: z.number().positive() }),
  z.object({ by: z.literal('count'), count: z.int().positive() }),
]);
export type Window = z.infer<typeof windowSchema>;

/** First moment of a window, and the first one after it. */
export interface MonitorWindow {
  start: Date;
  end: Date;
}

/** Of a whole window, however large. */
export interface WindowCounts {
  requests: number;
  /** Those the service had to answer (not a client's mistake), and of them those that it failed to. */
  served: number;
  failed: number;
  /** With a score, and of them those above the asked one. */
  scored: number;
  positive: number;
}

/** What a window is compared with: the eval photos in the model's artifact, or requests of the past. */
export const referenceSchema = z.discriminatedUnion('from', [
  z.object({ from: z.literal('model') }),
  z.object({ from: z.literal('window'), start: z.iso.datetime(), end: z.iso.datetime() }),
  /** The first days of the version that answers now: what it met when it was new. */
  z.object({ from: z.literal('first-days'), days: z.number().positive().max(366) }),
]);
export type Reference = z.infer<typeof referenceSchema>;

export const monitorSchema = z.object({
  name: z.string(),
  endpoint: z.string(),
  kind: z.enum(monitorKinds),
  parameters: z.record(z.string(), z.unknown()).default({}),
  window: windowSchema.default({ by: 'time', days: 1 }),
  reference: referenceSchema.default({ from: 'model' }),
  /** Only requests whose attribute has this value. */
  slice: z
    .object({ attribute: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) })
    .nullable()
    .default(null),
  /** Fewer observations than this are "not enough data". */
  minSamples: z.int().nonnegative().default(50),
  /** Cron, five fields, UTC. */
  schedule: z.string().default('0 0 * * *'),
  isEnabled: z.boolean().default(true),
});
export type Monitor = z.infer<typeof monitorSchema>;

/** `breach`: beyond its threshold in this window; whether that is an alert is the alarm policy's word. */
export type MonitorState = 'ok' | 'breach' | 'not-enough-data' | 'failed';

/** What a check found in one window. */
export interface Finding {
  state: MonitorState;
  /** Null when there was not enough data. */
  statistic: number | null;
  /** Chance of such a statistic without a change, for tests; null for fixed thresholds. */
  p: number | null;
  /** What the statistic was held against. */
  threshold: number | null;
  /** 95 % interval of the statistic, where it has one. */
  interval: { low: number; high: number } | null;
  /** What moved, by how much: "share of unwell 0.628 -> 0.941". */
  said: string;
  /** Ids of the observations that moved it most, most first. */
  movers: readonly string[];
  /** Numbers behind it. */
  details: Readonly<Record<string, unknown>>;
}
