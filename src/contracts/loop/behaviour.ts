import { z } from 'zod';
import { type Deployment, deploymentRoleSchema } from '../endpoint.ts';

/** What users decide about a prediction that they see. */
export const userDecisions = ['accept', 'override', 'retake', 'abandon'] as const;
export type UserDecision = (typeof userDecisions)[number];
/** User reactions to a prediction. */
export const userEvents = ['shown', ...userDecisions] as const;
export type UserEvent = (typeof userEvents)[number];

/** What became of the subject after the prediction was acted on. */
export const outcomes = ['helped', 'unchanged', 'worse'] as const;
export type Outcome = (typeof outcomes)[number];

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** ISO 4217. Sums never mix two of them. */
export const currencySchema = z
  .string()
  .regex(/^[A-Z]{3}$/, 'expected three capital letters, such as EUR')
  .refine((code) => currencies.has(code), 'no currency of ISO 4217 has this code');

/** Of a business event, in its currency, either sign: squares can be added up. */
export const highestValue = 1e15;

/** Longer decisions are refused: 30 days in milliseconds. */
export const longestDecisionMs = 30 * 86_400_000;

/** The events of one prediction, as far as they count: of each kind the newest, and of public sources only when there is no other. */
export interface PhotoBehaviour {
  /** Named by the app; else the prediction is a session of its own. */
  session: string;
  /** There is a user event. */
  seen: boolean;
  decision: UserDecision | null;
  /** From when the answer was shown to the first decision; null when unknown. */
  decisionMs: number | null;
  /** Of business events, with the time since the prediction. */
  values: readonly { currency: string | null; value: number; afterMs: number }[];
  outcome: Outcome | null;
}

/** Sums over sessions of y, of the photos n that it is of, and of their products: enough for y / n and its variance. */
export interface SessionSums {
  sessions: number;
  y: number;
  n: number;
  yy: number;
  yn: number;
  nn: number;
}

/** Photos of each kind, and the natural logarithm of the milliseconds to the decision. */
export const behaviourMeasures = [
  'seen',
  'acted',
  'reported',
  'decided',
  'accepted',
  'overridden',
  'retaken',
  'abandoned',
  'helped',
  'logTime',
] as const;

/** What users did with the predictions of one version in one role, as sums. */
export interface ArmBehaviour {
  endpoint: string;
  modelName: string;
  modelVersion: number | null;
  role: Deployment['role'];
  /** Predictions that were returned, and the sessions of those with events. */
  answered: number;
  sessions: number;
  measures: Record<(typeof behaviourMeasures)[number], SessionSums>;
  /** n are all answered photos. */
  values: { currency: string | null; events: number; sums: SessionSums }[];
}

/** Of `of` photos; the interval is 95 %, over sessions. Null = of none. */
const rateSchema = z.object({
  count: z.int(),
  of: z.int(),
  share: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type Rate = z.infer<typeof rateSchema>;

/** A mean with its 95 % interval over sessions; no interval of fewer than two sessions. */
const meanSchema = z.object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() });

/** What users did with the predictions of one version in one role. */
export const behaviourSchema = z.object({
  endpoint: z.string(),
  model: z.string().describe('name@version'),
  role: deploymentRoleSchema,
  /** Predictions that were returned, and the sessions of those with events. */
  answered: z.int(),
  sessions: z.int(),
  funnel: z
    .object({ seen: rateSchema, acted: rateSchema, reported: rateSchema })
    .describe('Of the answered photos: those with a user event, with a business event, with an outcome'),
  rates: z
    .object({
      decided: rateSchema,
      accepted: rateSchema,
      overridden: rateSchema,
      retaken: rateSchema,
      abandoned: rateSchema,
    })
    .describe('Of the photos with a user event, by the newest decision'),
  helped: rateSchema.describe('Of the photos with an outcome'),
  decision: meanSchema
    .extend({ photos: z.int() })
    .nullable()
    .describe('Seconds to the decision, geometric mean; null when no time is known'),
  values: z
    .array(
      z.object({
        currency: z.string().nullable().describe('Null: values without a currency'),
        events: z.int(),
        sum: z.number(),
        perRequest: meanSchema.describe('Over all answered photos'),
      }),
    )
    .describe('One for each currency; they are never added'),
});
export type Behaviour = z.infer<typeof behaviourSchema>;
