import { z } from 'zod';
import { recordOf } from '../record-of.ts';
import { alikeConflictSchema, imageFormatSchema, splitSchema } from './example.ts';

/** The summarised numbers of a photo. `sizeBytes` is the file's; the others are of ImageProperties. */
export const numericNames = [
  'width',
  'height',
  'aspect',
  'brightness',
  'contrast',
  'sharpness',
  'red',
  'green',
  'blue',
  'sizeBytes',
] as const;
export const numericNameSchema = z.enum(numericNames);
export type NumericName = z.infer<typeof numericNameSchema>;

/** Probabilities of `quantiles`, in order. */
export const quantileLevels = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1] as const;

/** One number over many photos. */
const numericSummarySchema = z.object({
  mean: z.number(),
  /** Population standard deviation. */
  deviation: z.number(),
  /** At `quantileLevels`: 0, 1, 5, 10, 25, 50, 75, 90, 95, 99, 100 %, linear between neighbours. */
  quantiles: z.array(z.number()).length(quantileLevels.length),
  /** Photos per bin of the property's fixed `bins`; the outer bins include values outside. */
  histogram: z.array(z.int().nonnegative()),
});
export type NumericSummary = z.infer<typeof numericSummarySchema>;

const countsSchema = recordOf(z.int().nonnegative());
const numericSchema = z.record(numericNameSchema, numericSummarySchema);
export type Numeric = z.infer<typeof numericSchema>;

const labelStatisticsSchema = z.object({
  count: z.int().positive(),
  groups: z.int().positive(),
  formats: z.partialRecord(imageFormatSchema, z.int().positive()),
  numeric: numericSchema,
});
export type LabelStatistics = z.infer<typeof labelStatisticsSchema>;

const attributeStatisticsSchema = z.object({
  /** Photos with the attribute. */
  present: z.int().positive(),
  distinct: z.int().positive(),
  /** The most frequent values (at most 100), sorted by name. */
  values: countsSchema,
});
export type AttributeStatistics = z.infer<typeof attributeStatisticsSchema>;

/** `Split-<split>/statistics.json`. */
const splitStatisticsSchema = z.object({
  count: z.int().positive(),
  groups: z.int().positive(),
  /** Photos that share their group with another photo of the split. */
  grouped: z.int().nonnegative(),
  /** Photos whose perceptual hash is within `nearDuplicateDistance` of another photo of the split. */
  nearDuplicates: z.int().nonnegative(),
  formats: z.partialRecord(imageFormatSchema, z.int().positive()),
  numeric: numericSchema,
  labels: recordOf(labelStatisticsSchema),
  attributes: recordOf(attributeStatisticsSchema),
  /** The photos with the shortest sides (at most 20), shortest first. */
  smallest: z.array(z.object({ filename: z.string(), width: z.int(), height: z.int() })),
});
export type SplitStatistics = z.infer<typeof splitStatisticsSchema>;

const overlapSchema = z.object({
  /** sha256 of the photo, or name of the group. */
  id: z.string(),
  splits: z.array(splitSchema).min(2),
  /** At most 10. */
  filenames: z.array(z.string()),
});
export type Overlap = z.infer<typeof overlapSchema>;

/** A list truncated to 20 rows, with its total length. */
const listOf = <T extends z.ZodType>(row: T) => z.object({ count: z.int().nonnegative(), first: z.array(row).max(20) });

/** `statistics.json`. */
export const statisticsSchema = z.object({
  format: z.literal('mitate-statistics/1'),
  span: z.int().nonnegative(),
  version: z.int().nonnegative(),
  groupBy: z.enum(['none', 'attribute', 'near-duplicate']),
  /** Hamming distance of 64-bit perceptual hashes up to which two photos count as near duplicates. */
  nearDuplicateDistance: z.int().min(0).max(8),
  /** Inner and outer edges of each histogram: n + 1 edges for n bins. Fixed, so that spans can be compared. */
  bins: z.record(numericNameSchema, z.array(z.number())),
  splits: z.partialRecord(splitSchema, splitStatisticsSchema),
  rejected: z.object({ count: z.int().nonnegative(), codes: countsSchema }),
  /** Same bytes, same label, several files: kept once. */
  duplicates: listOf(z.object({ sha256: z.string(), filenames: z.array(z.string()) })),
  /** Same bytes under two labels: excluded from the examples. */
  conflicts: listOf(z.object({ sha256: z.string(), labels: z.array(z.string()), filenames: z.array(z.string()) })),
  /** Photos that look alike, under several labels; at most 10 of a group. */
  alikeConflicts: listOf(alikeConflictSchema).default({ count: 0, first: [] }),
  /** Labels that have a folder and no photo. */
  emptyLabels: z.array(z.string()).default([]),
  photosAcrossSplits: listOf(overlapSchema),
  groupsAcrossSplits: listOf(overlapSchema),
  nearDuplicatesAcrossSplits: listOf(
    z.object({ distance: z.int(), splits: z.array(splitSchema).length(2), filenames: z.array(z.string()).length(2) }),
  ),
});
export type Statistics = z.infer<typeof statisticsSchema>;

/** One line of `border-pixels.jsonl`, the background probe's input: label, group and 24 numbers 0..255. */
export const borderPixelsSchema = z.object({
  label: z.string(),
  group: z.string(),
  border: z.array(z.int().min(0).max(255)).length(24),
});
export type BorderPixels = z.infer<typeof borderPixelsSchema>;
