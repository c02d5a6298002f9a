import { z } from 'zod';
import { recordOf } from '../record-of.ts';

export const splits = ['train', 'eval', 'test'] as const;
export const splitSchema = z.enum(splits);
export type Split = z.infer<typeof splitSchema>;

export const imageFormats = ['jpeg', 'png', 'webp'] as const;
export const imageFormatSchema = z.enum(imageFormats);
export type ImageFormat = z.infer<typeof imageFormatSchema>;

/** Of the upright (EXIF applied) image. */
export const imagePropertiesSchema = z.object({
  /** Pixels. */
  width: z.int().positive(),
  height: z.int().positive(),
  /** width / height. */
  aspect: z.number(),
  /** Mean luma, 0..1. */
  brightness: z.number(),
  /** Standard deviation of luma, 0..0.5. */
  contrast: z.number(),
  /** Variance of the 4-neighbour Laplacian of luma 0..255, measured at 256 px longest side. */
  sharpness: z.number(),
  /** Channel means, 0..1. */
  red: z.number(),
  green: z.number(),
  blue: z.number(),
});
export type ImageProperties = z.infer<typeof imagePropertiesSchema>;

/** One line of `examples.jsonl`: everything about a photo except its bytes. */
export const exampleSchema = z.object({
  /** Identity: sha256 of the image bytes, lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  label: z.string().min(1),
  split: splitSchema,
  /** A group is never divided between splits. The example's own sha256 if it has no group. */
  group: z.string().min(1),
  attributes: recordOf(z.string()),
  /** Path inside the source, NFC, forward slashes. */
  filename: z.string(),
  format: imageFormatSchema,
  sizeBytes: z.int().positive(),
  span: z.int().nonnegative(),
  version: z.int().nonnegative(),
  /** 64-bit dHash, 16 hex digits. */
  phash: z.string().regex(/^[0-9a-f]{16}$/),
  properties: imagePropertiesSchema,
  /** RGB of 8 border pixels (corners, edge middles; clockwise from top left), 24 numbers 0..255: the background probe's input. */
  border: z.array(z.int().min(0).max(255)).length(24),
});
export type Example = z.infer<typeof exampleSchema>;

/** A file that was rejected. One line of `rejected.jsonl`. */
export const rejectedSchema = z.object({
  filename: z.string(),
  label: z.string().optional(),
  /** Catalogue code. */
  code: z.string(),
  message: z.string(),
});
export type Rejected = z.infer<typeof rejectedSchema>;

export const alikeConflictSchema = z.object({
  labels: z.array(z.string()).min(2),
  photos: z.array(z.object({ sha256: z.string(), filename: z.string(), label: z.string() })),
});

/** `examples.json`, the summary of `examples.jsonl`. */
export const examplesSummarySchema = z.object({
  span: z.int().nonnegative(),
  version: z.int().nonnegative(),
  labels: z.array(z.string()),
  /** label -> split -> count. */
  counts: recordOf(z.record(splitSchema, z.int().nonnegative())),
  groupBy: z.enum(['none', 'attribute', 'near-duplicate']),
  /** Name of the attribute under `groupBy: 'attribute'`. */
  groupAttribute: z.string().optional(),
  rejected: z.int().nonnegative(),
  /** Sidecars, notes, and files and folders of operating systems: neither photos nor rejected. `first`: at most 10. */
  passedOver: z.object({ count: z.int().nonnegative(), first: z.array(z.string()) }).default({ count: 0, first: [] }),
  /** Folders that were read as splits: `train`, `val`, `test`. */
  splitFolders: z.array(z.string()).default([]),
  /** Labels that have a folder and no photo. */
  emptyLabels: z.array(z.string()).default([]),
  /** Repeated bytes with the same label: kept once. */
  duplicates: z.array(z.object({ sha256: z.string(), filenames: z.array(z.string()) })),
  /** Same bytes under two labels: excluded, an anomaly. */
  conflicts: z.array(z.object({ sha256: z.string(), labels: z.array(z.string()), filenames: z.array(z.string()) })),
  /** Photos that look alike, as one photo saved again, under several labels: kept, an anomaly. */
  alikeConflicts: z.array(alikeConflictSchema).default([]),
  /** Groups that merged across splits of an earlier span, and the split that got them. */
  mergedGroups: z.array(
    z.object({ group: z.string(), from: z.array(splitSchema), to: splitSchema, examples: z.int() }),
  ),
  /** Groups that changed their split because a label had none left in it, or the shares of the splits changed. */
  movedGroups: z
    .array(z.object({ group: z.string(), from: splitSchema, to: splitSchema, examples: z.int() }))
    .default([]),
  /** Excluded photos that are golden, resemble a golden photo, or show its object. */
  leftOutForGolden: z.array(z.object({ sha256: z.string(), filename: z.string(), group: z.string() })).default([]),
  /** Same bytes with another label in a later source or span, which replaces the earlier one. */
  relabelled: z
    .array(z.object({ sha256: z.string(), filename: z.string(), from: z.array(z.string()), to: z.string() }))
    .default([]),
  /** Excluded photos of the training source that share a group with the test source. */
  leftOutForTest: z.array(z.object({ sha256: z.string(), filename: z.string(), group: z.string() })).default([]),
});
export type ExamplesSummary = z.infer<typeof examplesSummarySchema>;
