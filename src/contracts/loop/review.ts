import { z } from 'zod';
import { instantSchema } from '../instant.ts';
import { loggedProbabilitiesSchema } from '../prediction.ts';

/** Why a photo is queued for review. */
export const reviewReasons = ['uncertain', 'disagreement', 'far-from-training', 'suspicious', 'random'] as const;
export type ReviewReason = (typeof reviewReasons)[number];

/** What counts when labellers disagree: nothing until a person decides, or the label of more than half of them. */
export const disputePolicies = ['hold', 'majority'] as const;

/** Photos of the queue are counted up to here. */
export const mostCounted = 10_000;

export const reviewItemSchema = z.object({
  /** Public id of the photo's prediction. */
  request: z.string(),
  endpoint: z.string(),
  reason: z.enum(reviewReasons),
  /** Value of a label, 0..1; higher = sooner. */
  worth: z.number(),
  /** Probability with which it was drawn, 0..1, for `random`; 1 for photos that were picked. */
  chance: z.number(),
  queuedAt: instantSchema,
  doneAt: instantSchema.nullable(),
  skippedAt: instantSchema.nullable(),
  /** Labellers that are asked, and those that labelled it. */
  opinions: z.int(),
  labellers: z.int(),
  claimedBy: z.string().nullable(),
  claimedUntil: instantSchema.nullable(),
  /** The prediction; null when the log no longer has it. */
  label: z.string().nullable(),
  ...loggedProbabilitiesSchema.shape,
  imageSha256: z.string().nullable(),
  imageKept: z.boolean(),
});
export type ReviewItem = z.input<typeof reviewItemSchema>;

/** One fill of the queue, from one window of an endpoint's log. */
export const reviewFillSchema = z.object({
  endpoint: z.string(),
  start: instantSchema,
  end: instantSchema,
  /** New pictures without a label. */
  pictures: z.int(),
  /** Of them queued: by chance, and for a reason. */
  drawn: z.int(),
  picked: z.int(),
  at: instantSchema,
});
export type ReviewFill = z.input<typeof reviewFillSchema>;
export type FillWindow = Pick<ReviewFill, 'endpoint' | 'start' | 'end'>;
