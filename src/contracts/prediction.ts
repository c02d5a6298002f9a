import { z } from 'zod';
import { recordOf } from './record-of.ts';

export const predictionSchema = z.object({
  /** A label, or for a question its positive or negative name. */
  label: z.string(),
  /** Of the label, 0..1. Below 0.5 if a question's threshold chose the less probable answer. */
  probability: z.number(),
  /** For a question: P(positive), 0..1. */
  positiveProbability: z.number().optional(),
  /** For a question: the label is the positive one from this P(positive). Absent in answers logged by version 0.1. */
  threshold: z.number().optional(),
  /** Of all possible answers. */
  probabilities: recordOf(z.number()),
  /** For a question: of the underlying multi-class head. */
  classes: recordOf(z.number()).optional(),
  /**
   * Of a model that promises it: labels of the head, the most probable first, among which the true one is in the promised share of photos like the
   * training photos. Empty = no label is likely enough.
   */
  labelSet: z.array(z.string()).optional(),
});
export type Prediction = z.infer<typeof predictionSchema>;

/** The same of an answer in the log; null when it has none. */
export const loggedProbabilitiesSchema = z.object({
  /** Of the label, 0..1. */
  probability: z.number().nullable(),
  /** For a question: P(positive), and from which on the label is the positive one; answers logged by version 0.1 lack the latter. */
  positiveProbability: z.number().nullable(),
  threshold: z.number().nullable(),
  /** Of all possible answers. */
  probabilities: recordOf(z.number()).nullable(),
});
export type LoggedProbabilities = z.infer<typeof loggedProbabilitiesSchema>;

/** The number that abstain bands, drift and comparisons of versions are about: P(positive) of a question, else the label's probability. */
export function scoreOf({
  positiveProbability,
  probability,
}: Pick<Prediction, 'positiveProbability' | 'probability'>): number {
  return positiveProbability ?? probability;
}

/**
 * What an endpoint does with photos unlike the training photos. `refuse`: those that show no subject of the model at all are not classified,
 * the others get a warning. `warn`: all get a warning. `answer`: they are answered like any other.
 */
export const unlikePolicies = ['answer', 'warn', 'refuse'] as const;
export type UnlikePolicy = (typeof unlikePolicies)[number];

export interface UnlikeSettings {
  unlike: UnlikePolicy;
  /** Distance from the training photos, 1 = unlike them, from which on a photo is refused. 0 = never; null = the model's own. */
  refuseAbove: number | null;
}

/**
 * For models that were trained before limits were measured: all of 40 flat colours, noises, texts and faces lie above for one of
 * plantvillage, and 17 of 20 drawn scenes; none of 13 bean leaves, none of 65 of its own photos.
 */
export const usualRefuseAbove = 3;

export const noticeSchema = z.object({
  reason: z.literal('unlike-training'),
  /** For the photographer. */
  advice: z.string(),
});
type Notice = z.infer<typeof noticeSchema>;

export interface Notices {
  /** The photo shows no subject of the model: its label is `uncertain`. */
  refusal?: Notice;
  /** The photo is unlike the training photos: its label may be wrong. */
  warning?: Notice;
}

const refusal: Notice = {
  reason: 'unlike-training',
  advice:
    'This photo does not look like the photos that the model was trained on. Photograph the subject alone, close and in good light. If it is a new kind of subject, the model has to learn it from photos first.',
};
const warning: Notice = {
  reason: 'unlike-training',
  advice:
    'This photo is unlike those that the model was trained on, so the answer may be wrong. Check that it shows a subject that the model knows, alone, close and in good light, and let a person decide.',
};

/** The prediction under its notices: a refused photo has no label, and the promise of a label set does not hold for it. */
export function noticed({ labelSet, ...prediction }: Prediction, notices: Notices) {
  const { refusal } = notices;
  return {
    ...prediction,
    ...(labelSet && { labelSet: refusal ? [] : labelSet }),
    ...(refusal && { label: 'uncertain', leaning: prediction.label }),
    ...notices,
  };
}

/** @param distance null = not scored */
export function noticesOf(
  distance: { score: number; flagged: boolean; refuseAbove: number } | null,
  { unlike, refuseAbove }: UnlikeSettings,
): Notices {
  if (distance === null || unlike === 'answer') return {};
  const above = refuseAbove ?? distance.refuseAbove;
  if (unlike === 'refuse' && above > 0 && distance.score > above) return { refusal };
  return distance.flagged ? { warning } : {};
}
