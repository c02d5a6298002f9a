import { z } from 'zod';
import { instantSchema } from '../instant.ts';
import { feedbackSources } from './feedback.ts';
import { reviewReasons } from './review.ts';

/** Which labelled requests become examples, how many, and where. */
export const flywheelPolicySchema = z.object({
  to: z
    .string()
    .min(1)
    .max(4096)
    .describe(
      'Folder of the spans: a new one appears in it as `span-<n>`, whole or not at all. Relative: from the folder of the pipelines.',
    ),
  endpoint: z.string().min(1).max(128).describe('Whose labelled requests.'),
  base: z
    .array(z.string().min(1).max(4096))
    .default([])
    .describe(
      'Sources that train already: what looks like a photo of theirs is left out. The spans in `to` count too.',
    ),
  sources: z
    .array(z.enum(feedbackSources))
    .min(1)
    .default([...feedbackSources])
    .describe('Whose word is taken.'),
  reasons: z
    .array(z.enum([...reviewReasons, 'unasked']))
    .min(1)
    .default([...reviewReasons, 'unasked'])
    .describe('Why a label was asked for; `unasked`: it came by itself.'),
  minConfirmations: z.int().min(1).max(100).default(1).describe('People, or routes, that say the same.'),
  verdicts: z.boolean().default(true).describe('Also photos of which no label but a verdict tells what they show.'),
  newClasses: z
    .boolean()
    .default(false)
    .describe('Also labels that the model does not know: the schema has to allow them.'),
  rename: z
    .record(z.string().min(1).max(256), z.string().min(1).max(256))
    .default({})
    .describe('Label as people say it -> label in the data set.'),
  minNew: z.int().min(1).max(1_000_000).default(1).describe('Fewer new photos than this make no span.'),
  maxPhotos: z
    .int()
    .min(1)
    .max(100_000)
    .default(1_000)
    .describe('Most photos of one span; what is over waits for the next.'),
  balance: z
    .number()
    .min(1)
    .nullable()
    .default(null)
    .describe('Most photos of a label, as a multiple of those of the rarest label of the span. null = as they come.'),
});
export type FlywheelPolicy = z.infer<typeof flywheelPolicySchema>;

/** Why labelled photos did not come into a span. */
export const leftOutReasons = [
  'not-wanted',
  'truth-unknown',
  'not-confirmed',
  'new-class',
  'label-unusable',
  'not-kept',
  'erased',
  'golden',
  'in-the-spans',
  'in-the-base',
  'alike',
  'balance',
  'over-the-limit',
] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

/** What an export did. */
export const flywheelExportSchema = z.object({
  /** Null: too few new photos for a span. */
  span: z.int().nonnegative().nullable(),
  /** Of the span; null without one. */
  path: z.string().nullable(),
  /** New photos; without a span those that would have been in it. */
  photos: z.int().nonnegative(),
  /** Of labels and photos; equal for equal content. Null without a span. */
  digest: z.string().nullable(),
  labels: z.record(z.string(), z.int().nonnegative()),
  leftOut: z.partialRecord(z.enum(leftOutReasons), z.int().positive()),
});
export type FlywheelExport = z.infer<typeof flywheelExportSchema>;

/** A span made of labelled requests. */
export const flywheelSpanSchema = z.object({
  seq: z.int(),
  /** Absolute path of the folder of spans. */
  folder: z.string(),
  span: z.int(),
  endpoint: z.string(),
  digest: z.string(),
  photos: z.int(),
  labels: z.record(z.string(), z.int()),
  leftOut: flywheelExportSchema.shape.leftOut,
  policy: flywheelPolicySchema,
  at: instantSchema,
  who: z.string(),
});
export interface FlywheelSpan extends z.input<typeof flywheelSpanSchema> {
  policy: FlywheelPolicy;
}

/** Where the photo of a request was copied to. */
export interface FlywheelPhoto {
  folder: string;
  span: number;
  /** Below the span's folder: `<label>/<sha256>.<ext>`. */
  file: string;
  label: string;
  request: string;
  /** Of the photo as it was sent, and of the bytes in the file. */
  imageSha256: string;
  sha256: string;
}
