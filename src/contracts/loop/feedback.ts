import { z } from 'zod';
import { instantSchema } from '../instant.ts';
import type { RequestRecord } from '../request-record.ts';

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

export const feedbackEntrySchema = z.object({
  seq: z.int(),
  /** Public id of the photo's prediction. */
  request: z.string(),
  endpoint: z.string(),
  kind: z.enum(['label', 'verdict', 'event', 'business']),
  /** As given. */
  label: z.string().nullable(),
  /** The answer that would have been right, as far as this entry tells. */
  truth: z.string().nullable(),
  /** The model does not have the label. */
  newClass: z.boolean(),
  verdict: z.enum(['right', 'wrong']).nullable(),
  event: z.string().nullable(),
  value: z.number().nullable(),
  source: z.enum(feedbackSources),
  who: z.string(),
  note: z.string().nullable(),
  /** Of the prediction. */
  requestAt: instantSchema,
  at: instantSchema,
});
export type FeedbackEntry = z.input<typeof feedbackEntrySchema>;

/** A photo as feedback finds it: by its own id, or by its HTTP request and its place in it. */
export type PhotoName = { id: string } | { requestId: string; instance: number | null };

/** What must be known of an answer to understand what is said of it. */
export type AnsweredPhoto = Pick<
  RequestRecord,
  'publicId' | 'endpoint' | 'modelName' | 'modelVersion' | 'label' | 'uncertain' | 'protocol' | 'status'
> & {
  loggingTime: Date;
  /** The answers it could have got; empty when it failed. */
  answers: readonly string[];
};

/** A labelled photo, for what learns from it. */
export interface LabelledPhoto extends Truth {
  /** Of the newest label or verdict: the place to go on from. */
  seq: number;
  request: string;
  endpoint: string;
  /** As people said it; null when only a verdict tells. */
  said: string | null;
  newClass: boolean;
  source: FeedbackSource;
  who: string;
  at: Date;
  /** Different people, or routes, whose newest word is the same. */
  confirmations: number;
  requestAt: Date;
  answer: string | null;
  reason: string | null;
  imageSha256: string | null;
  pixelsSha256: string | null;
  imageKept: boolean;
}

/** How long labels took. */
export const labelDelaySchema = z.object({
  /** Predictions, and those of them with a label or verdict. */
  answered: z.int(),
  labelled: z.int(),
  /** Seconds from the prediction to its first label or verdict; null when there is none. */
  medianS: z.number().nullable(),
  p90S: z.number().nullable(),
});
export type LabelDelay = z.input<typeof labelDelaySchema>;
