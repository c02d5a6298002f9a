import { z } from 'zod';
import { issueOf } from '../../errors/index.ts';
import { instantSchema } from '../instant.ts';
import type { RequestRecord } from '../request-record.ts';
import { currencySchema, highestValue, longestDecisionMs, outcomes, userEvents } from './behaviour.ts';

/** What a labeller may add to a label. */
export const labelAttributesSchema = z.strictObject({
  severity: z
    .int()
    .min(0)
    .max(5)
    .optional()
    .describe('Grade from 0 (none of the leaf is affected) to 5 (all of it), by the scale that your labellers share'),
  alsoShows: z
    .array(z.string().min(1).max(256))
    .min(1)
    .max(20)
    .refine((labels) => new Set(labels).size === labels.length, 'a label occurs twice')
    .optional()
    .describe('Other labels that the photo shows, too'),
});
/** What a photo also shows is another label. */
export const saysMore = [
  ({ label, attributes }: { label: string; attributes?: LabelAttributes | null | undefined }) =>
    !attributes?.alsoShows?.includes(label),
  { path: ['attributes', 'alsoShows'], message: 'it names the label itself' },
] as const satisfies [unknown, { path: PropertyKey[]; message: string }];
export type LabelAttributes = z.infer<typeof labelAttributesSchema>;

/** Feedback on one prediction, by its id; at any later time. */
export const feedbackSchema = z.discriminatedUnion('kind', [
  /** What the photo shows: a label of the model, or of a question its positive or negative name. `newClass`: accept a label the model lacks. */
  z
    .object({
      kind: z.literal('label'),
      label: z.string().min(1).max(256),
      newClass: z.boolean().default(false).describe('Accept a label that the model lacks'),
      attributes: labelAttributesSchema.nullable().optional(),
    })
    .refine(...saysMore),
  z.object({ kind: z.literal('verdict'), verdict: z.enum(['right', 'wrong']) }),
  z
    .object({
      kind: z.literal('event'),
      event: z.enum(userEvents),
      decisionMs: z
        .number()
        .min(0)
        .max(longestDecisionMs)
        .nullable()
        .default(null)
        .describe('From when the answer was shown, as the app measured it; default: the time between the two events'),
    })
    .refine(({ event, decisionMs }) => event !== 'shown' || decisionMs === null, {
      path: ['decisionMs'],
      message: '"shown" is no decision',
    }),
  /** Any business event, with its value: `sold`, `refunded`. */
  z
    .object({
      kind: z.literal('business'),
      event: z.string().min(1).max(64),
      value: z
        .number()
        .nullable()
        .default(null)
        .refine((value) => value === null || Math.abs(value) <= highestValue, 'expected -1e15 to 1e15')
        .describe('-1e15 to 1e15'),
      currency: currencySchema.nullable().default(null).describe('Of the value, ISO 4217'),
    })
    .refine(({ value, currency }) => currency === null || value !== null, {
      path: ['currency'],
      message: 'a currency needs a value',
    }),
  /** Whether what was done after the prediction helped; weeks later, and again when that changes. */
  z.object({ kind: z.literal('outcome'), outcome: z.enum(outcomes) }),
]);
export type Feedback = z.infer<typeof feedbackSchema>;

/** By the rules of the API. @returns the reason when it breaks them */
export function checkedFeedback(given: object): Feedback | string {
  const { data, error } = feedbackSchema.safeParse(given);
  if (data) return data;
  const { place, reason } = issueOf(error);
  return `${place}: ${reason}`;
}

/** What says whether a prediction was right. */
export const labelKinds: readonly Feedback['kind'][] = ['label', 'verdict'];
export const isLabel = ({ kind }: { kind: Feedback['kind'] }) => labelKinds.includes(kind);

export const feedbackKinds = ['label', 'verdict', 'event', 'business', 'outcome'] as const;

/** Name of the sitting in which a user took one or more photos, chosen by the app. */
export const sessionSchema = z.string().min(1).max(128);

/** What the page behind a signed link asks; `nothing`: it shows a diagnosis, to share it. */
export const linkQuestions = ['answer', 'outcome', 'nothing'] as const;
export type LinkQuestion = (typeof linkQuestions)[number];

export const feedbackSources = ['api', 'csv', 'link', 'widget', 'queue'] as const;
/** `adjudication`: the decision of a person about labels that contradict; it counts before all others. */
export const entrySources = [...feedbackSources, 'adjudication'] as const;
export type FeedbackSource = (typeof entrySources)[number];
/** Open to anybody: their labels neither replace those of another source nor train a model without a second one. */
export const publicSources = ['link', 'widget'] as const satisfies readonly FeedbackSource[];

/**
 * From the adjudication of a prediction, else its newest label or verdict; from a public source only if there is no other. None when
 * labellers disagree and nobody decided, unless the endpoint takes the majority.
 */
export interface Truth {
  /** The answer that would have been right; null = the prediction was wrong and the right answer is unknown. */
  label: string | null;
  /**
   * Weight in a share over all photos: 1 for unsolicited labels, 1 / chance for photos drawn for review, 0 for
   * photos picked because they are hard, which represent no others.
   */
  weight: number;
}

export const feedbackEntrySchema = z.object({
  seq: z.int(),
  /** Public id of the photo's prediction. */
  request: z.string(),
  endpoint: z.string(),
  kind: z.enum(feedbackKinds),
  /** As given. */
  label: z.string().nullable(),
  /** The answer that would have been right, as far as this entry tells. */
  truth: z.string().nullable(),
  /** The model does not have the label. */
  newClass: z.boolean(),
  verdict: z.enum(['right', 'wrong']).nullable(),
  /** Of users or the business, or the outcome. */
  event: z.string().nullable(),
  value: z.number().nullable(),
  currency: z.string().nullable(),
  decisionMs: z.number().nullable(),
  session: z.string().nullable(),
  source: z.enum(entrySources),
  who: z.string(),
  note: z.string().nullable(),
  attributes: labelAttributesSchema.nullable(),
  /** Of the prediction. */
  requestAt: instantSchema,
  at: instantSchema,
});
export type FeedbackEntry = z.input<typeof feedbackEntrySchema>;

/** A photo by its own id, or by its HTTP request and its index in it. */
export type PhotoName = { id: string } | { requestId: string; instance: number | null };

/** What is needed of a prediction to interpret feedback on it. */
export type AnsweredPhoto = Pick<
  RequestRecord,
  'publicId' | 'endpoint' | 'modelName' | 'modelVersion' | 'label' | 'uncertain' | 'protocol' | 'status'
> & {
  loggingTime: Date;
  /** Of the label; null when it failed. */
  probability: number | null;
  /** All possible answers; empty when it failed. */
  answers: readonly string[];
};

/** A user, or a route of strangers, whose newest label agrees with what counts. */
export interface Voice {
  who: string;
  source: FeedbackSource;
}

export interface LabelledPhoto extends Pick<Truth, 'label'> {
  /** Labellers disagree, and nobody decided: the label is null. */
  disputed: boolean;
  /** Of the newest label or verdict, whoever counts; continue after it. */
  seq: number;
  request: string;
  endpoint: string;
  /** As given; null when there is only a verdict. */
  said: string | null;
  newClass: boolean;
  source: FeedbackSource;
  who: string;
  at: Date;
  voices: readonly Voice[];
  /** Number of voices. */
  confirmations: number;
  attributes: LabelAttributes | null;
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
