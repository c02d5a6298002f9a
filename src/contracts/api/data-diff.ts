import { z } from 'zod';
import { splitSchema } from '../artifacts/example.ts';
import { numericNameSchema } from '../artifacts/statistics.ts';

const reference = z.string().min(1).max(256);
export const dataDiffQuerySchema = z.object({
  from: reference.describe('Data set or pipeline, `name@span`, or the beginning of the id of an Examples artifact'),
  to: reference.describe('Likewise'),
  limit: z.coerce.number().int().min(0).max(1_000).default(20).describe('At most so many photos per list'),
});

const sideSchema = z.object({
  /** Id of the Examples artifact. */
  id: z.string(),
  pipeline: z.string(),
  span: z.int(),
  version: z.int(),
  photos: z.int(),
});

const photoSchema = z.object({ sha256: z.string(), filename: z.string(), label: z.string(), split: splitSchema });

/** Its first rows, and how many there are. */
const listOf = <T extends z.ZodType>(row: T) => z.object({ count: z.int(), first: z.array(row) });

const changed = <T extends z.ZodType>(value: T) =>
  z.object({ sha256: z.string(), filename: z.string(), from: value, to: value });

export const dataDiffSchema = z.object({
  from: sideSchema,
  to: sideSchema,
  /** Same bytes, label and split. */
  unchanged: z.int(),
  added: listOf(photoSchema),
  removed: listOf(photoSchema),
  relabelled: listOf(changed(z.string())),
  /** In another split. */
  moved: listOf(changed(splitSchema)),
  /** Added photos that look like a photo of `from`: at most 8 of 64 bits of the perceptual hash differ. */
  nearDuplicates: listOf(photoSchema.extend({ like: photoSchema, distance: z.int() })),
  labels: z.array(z.object({ label: z.string(), from: z.int(), to: z.int() })),
  /** Of the labels' shares. */
  balance: z.object({
    distance: z.number().nullable().describe('Jensen-Shannon, 0..1; null when a side has no photos'),
    differs: z.boolean().describe('More than chance explains (G-test, 1 %, for photos that may be in both)'),
  }),
  properties: z.array(
    z.object({
      name: numericNameSchema,
      from: z.number().nullable().describe('Mean; null without photos'),
      to: z.number().nullable().describe('Mean; null without photos'),
      effect: z
        .object({ value: z.number(), low: z.number(), high: z.number() })
        .nullable()
        .describe(
          "Cohen's d, `to` - `from` in pooled standard deviations, with its 95 % interval; null without spread",
        ),
      moved: z.boolean().describe('The effect is at least 0.2, and its interval excludes 0'),
    }),
  ),
});
export type DataDiff = z.infer<typeof dataDiffSchema>;
