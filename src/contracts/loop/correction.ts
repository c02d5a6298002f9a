import { z } from 'zod';
import { instantSchema } from '../instant.ts';

/** `label`: another label; `exclude`: left out of the data; `keep`: somebody looked, and the label is right. */
export const correctionKinds = ['label', 'exclude', 'keep'] as const;
export type CorrectionKind = (typeof correctionKinds)[number];

/** What somebody decided about a photo of a data set. Entries are never changed or deleted, only reverted; the newest that was not stands. */
export const correctionSchema = z.object({
  seq: z.int(),
  id: z.string(),
  /** Pipeline that made the data set, and the Examples artifact that was looked at. */
  pipeline: z.string(),
  examples: z.string(),
  sha256: z.string(),
  filename: z.string(),
  kind: z.enum(correctionKinds),
  /** Label in the data set. */
  given: z.string(),
  /** The right one; null for `exclude`. */
  label: z.string().nullable(),
  why: z.string().nullable(),
  who: z.string(),
  at: instantSchema,
  revertedAt: instantSchema.nullable(),
  revertedBy: z.string().nullable(),
});
export type Correction = z.input<typeof correctionSchema>;
