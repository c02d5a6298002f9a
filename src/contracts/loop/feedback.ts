import { z } from 'zod';

/** What people did with an answer. */
export const userEvents = ['accept', 'override', 'retake', 'abandon'] as const;
export type UserEvent = (typeof userEvents)[number];

/** Said of one answered photo, by the id that its answer carried; late or not. */
export const feedbackSchema = z.discriminatedUnion('kind', [
  /** What the photo shows: a label of the model, or of a question its positive or negative name. `newClass`: neither, and meant so. */
  z.object({
    kind: z.literal('label'),
    label: z.string().min(1).max(256),
    newClass: z.boolean().default(false).describe('The model does not know this label, and it is meant so'),
  }),
  z.object({ kind: z.literal('verdict'), verdict: z.enum(['right', 'wrong']) }),
  z.object({ kind: z.literal('event'), event: z.enum(userEvents) }),
  /** Anything that matters to the business: `sold`, `refunded`, with what it was worth. */
  z.object({
    kind: z.literal('business'),
    event: z.string().min(1).max(64),
    value: z.number().nullable().default(null),
  }),
]);
export type Feedback = z.infer<typeof feedbackSchema>;

export const feedbackSources = ['api', 'csv', 'link', 'widget', 'queue'] as const;
export type FeedbackSource = (typeof feedbackSources)[number];

/** The newest word on an answered photo. */
export interface Truth {
  /** The answer that would have been right; null = another one than was given, and nobody said which. */
  label: string | null;
  /**
   * What it counts in a share over all photos: 1 for labels that came by themselves, 1 / chance for photos that were drawn for review, 0 for
   * photos that were picked because they are hard: they stand for nothing but themselves.
   */
  weight: number;
}

/** Why a photo waits for a label. */
export const reviewReasons = ['uncertain', 'disagreement', 'far-from-training', 'suspicious', 'random'] as const;
export type ReviewReason = (typeof reviewReasons)[number];
