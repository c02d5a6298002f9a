import { z } from 'zod';
import { instantSchema } from '../instant.ts';
import { recordOf } from '../record-of.ts';
import { feedbackSources, publicSources } from './feedback.ts';
import { reviewReasons } from './review.ts';

/** Which labelled requests become examples, how many, and where. */
export const flywheelPolicySchema = z.object({
  to: z
    .string()
    .min(1)
    .max(4096)
    .describe('Folder of the spans: a new one is written to `span-<n>`, atomically. Relative to the pipelines folder.'),
  endpoint: z.string().min(1).max(128).describe('Endpoint with the labelled requests.'),
  base: z
    .array(z.string().min(1).max(4096))
    .default([])
    .describe('Existing training sources, and the spans in `to`: photos that resemble theirs are left out.'),
  sources: z
    .array(z.enum(feedbackSources))
    .min(1)
    .default([...feedbackSources])
    .describe('Accepted feedback sources.'),
  reasons: z
    .array(z.enum([...reviewReasons, 'unasked']))
    .min(1)
    .default([...reviewReasons, 'unasked'])
    .describe('Accepted review reasons; `unasked` = unsolicited labels.'),
  minConfirmations: z.int().min(1).max(100).default(1).describe('Minimum number of users, or routes, that agree.'),
  publicSources: z
    .array(z.enum(feedbackSources))
    .default([...publicSources])
    .describe('Feedback sources that anybody may use; default: signed links and buttons on pages.'),
  publicConfirmations: z
    .int()
    .min(1)
    .max(100)
    .default(2)
    .describe('Minimum number of users, or routes, that agree, when the label came from a public source.'),
  trust: z
    .record(z.string().min(1).max(256), z.number().min(0).max(1))
    .default({})
    .describe(
      'Trust in a feedback source (`link`) or a labeller (`user:mika`, which counts before the source), 0..1; default: 1.',
    ),
  minTrust: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .describe('Minimum sum of the trust in those who agree. Adjudicated labels need neither trust nor confirmations.'),
  verdicts: z.boolean().default(true).describe('Also photos whose label follows only from a verdict.'),
  newClasses: z.boolean().default(false).describe('Also labels that the model lacks; the schema must allow them.'),
  rename: z
    .record(z.string().min(1).max(256), z.string().min(1).max(256))
    .default({})
    .describe('Label in the feedback -> label in the data set.'),
  minNew: z.int().min(1).max(1_000_000).default(1).describe('Minimum number of new photos for a span.'),
  maxPhotos: z
    .int()
    .min(1)
    .max(100_000)
    .default(1_000)
    .describe('Maximum number of photos per span; the rest is left for the next.'),
  balance: z
    .number()
    .min(1)
    .nullable()
    .default(null)
    .describe('Maximum number of photos of a label, as a multiple of the rarest label of the span. null = unlimited.'),
});
export type FlywheelPolicy = z.infer<typeof flywheelPolicySchema>;

/** Why labelled photos were left out of a span. */
export const leftOutReasons = [
  'not-wanted',
  'disputed',
  'truth-unknown',
  'not-confirmed',
  'not-trusted',
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

export const flywheelExportSchema = z.object({
  /** Null: too few new photos. */
  span: z.int().nonnegative().nullable(),
  /** Of the span; null without one. */
  path: z.string().nullable(),
  /** New photos; without a span, those that would have been in it. */
  photos: z.int().nonnegative(),
  /** Of labels and photos; equal for equal content. Null without a span. */
  digest: z.string().nullable(),
  labels: recordOf(z.int().nonnegative()),
  leftOut: z.partialRecord(z.enum(leftOutReasons), z.int().positive()),
  /** Photos by who labelled them: `link: link`, `api: key:app`. */
  sources: recordOf(z.int().positive()),
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
  labels: recordOf(z.int()),
  leftOut: flywheelExportSchema.shape.leftOut,
  policy: flywheelPolicySchema,
  at: instantSchema,
  who: z.string(),
});
export interface FlywheelSpan extends z.input<typeof flywheelSpanSchema> {
  policy: FlywheelPolicy;
}

/** A copy of the photo of a request. */
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
