import { z } from 'zod';
import { splitSchema } from './example.ts';

/** `error` = schema skew: blocks the steps wired to the anomalies. `warning` = value skew: only reported. */
const severitySchema = z.enum(['error', 'warning']);
export type Severity = z.infer<typeof severitySchema>;

const anomalyCodes = [
  'LABEL_UNKNOWN',
  'LABEL_MISSING',
  'LABEL_IMBALANCE',
  'LABEL_CONFLICT',
  'LABEL_CONFLICT_ALIKE',
  'LABELS_ALIKE',
  'LABEL_EMPTY',
  'LABEL_RARE',
  'LABEL_NEW_SINCE',
  'LABEL_GONE_SINCE',
  'FORMAT_UNKNOWN',
  'IMAGE_TOO_SMALL',
  'SPLIT_MISSING',
  'ATTRIBUTE_MISSING',
  'ATTRIBUTE_VALUE_UNKNOWN',
  'REJECTED_MANY',
  'PHOTO_IN_TWO_SPLITS',
  'GROUP_IN_TWO_SPLITS',
  'NEAR_DUPLICATE_IN_TWO_SPLITS',
  'PROPERTY_OUT_OF_RANGE',
  'PROPERTY_DRIFT',
  'LABEL_DRIFT',
  'ATTRIBUTE_DRIFT',
  'SPLIT_SKEW',
  'BACKGROUND_GIVES_LABELS_AWAY',
] as const;
const anomalyCodeSchema = z.enum(anomalyCodes);
export type AnomalyCode = z.infer<typeof anomalyCodeSchema>;

const anomalySchema = z.object({
  code: anomalyCodeSchema,
  severity: severitySchema,
  /** The affected split; absent = all data. */
  split: splitSchema.optional(),
  /** The affected label, property or attribute. */
  subject: z.string().optional(),
  /** Where, expected, got. One sentence. */
  message: z.string(),
  /** What to do next. */
  remedy: z.string(),
  /** The measured number and the violated limit. */
  value: z.number().optional(),
  limit: z.number().optional(),
  /** At most 10 file names. */
  filenames: z.array(z.string()).optional(),
});
export type Anomaly = z.infer<typeof anomalySchema>;

/** Result of a small classifier on 8 border pixels. */
const backgroundProbeSchema = z.object({
  /** Photos used (a seeded sample of at most 3,000), their labels, and the folds. */
  photos: z.int(),
  labels: z.int(),
  folds: z.int(),
  /** Balanced accuracy over held-out groups, 0..1, with its 95 % interval (bootstrap over groups), and the accuracy of guessing: 1 / labels. */
  accuracy: z.number(),
  low: z.number(),
  high: z.number(),
  chance: z.number(),
  /** (low - chance) / (1 - chance): 0 = guessing, 1 = always right. Fires at `limit` and above. */
  skill: z.number(),
  limit: z.number(),
  fires: z.boolean(),
});
export type BackgroundProbe = z.infer<typeof backgroundProbeSchema>;

/** Distance of one distribution. */
const driftSchema = z.object({
  kind: z.enum(['property', 'labels', 'attribute', 'split']),
  /** Property or attribute; `labels`. */
  subject: z.string(),
  split: splitSchema,
  measure: z.enum(['kolmogorov-smirnov', 'jensen-shannon']),
  /** 0..1. */
  distance: z.number(),
  limit: z.number(),
  /** Above the limit, and beyond chance at these counts (1 % level). */
  drifted: z.boolean(),
});
export type Drift = z.infer<typeof driftSchema>;

/** `anomalies.json`. */
export const anomaliesSchema = z.object({
  format: z.literal('mitate-anomalies/1'),
  /** No anomaly is an error. */
  blessed: z.boolean(),
  errors: z.int().nonnegative(),
  warnings: z.int().nonnegative(),
  /** Errors first. */
  anomalies: z.array(anomalySchema),
  /** Distances from the previous span, and between splits; also those below their limit. */
  drift: z.array(driftSchema),
  /** Span and version of the compared statistics; null = none. */
  previous: z.object({ span: z.int(), version: z.int() }).nullable(),
  /** null = not run: fewer than 2 labels with 10 groups each, or switched off. */
  probe: backgroundProbeSchema.nullable(),
});
export type Anomalies = z.infer<typeof anomaliesSchema>;
