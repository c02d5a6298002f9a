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
 * A photo this many times as far from the training photos as one that counts as unlike them shows no subject of the model at all. With a model of
 * plantvillage: all of 40 flat colours, noises, texts and faces lie above, and 17 of 20 drawn scenes; none of 13 bean leaves, none of 65 of
 * its own photos, and 2 of 20 drawn leaves.
 */
export const usualRefuseAbove = 3;

export const refusalSchema = z.object({
  reason: z.literal('unlike-training'),
  /** For the photographer. */
  advice: z.string(),
});
export type Refusal = z.infer<typeof refusalSchema>;

const unlikeTraining: Refusal = {
  reason: 'unlike-training',
  advice:
    'This photo does not look like the photos that the model was trained on. Photograph the subject alone, close and in good light. If it is a new kind of subject, the model has to learn it from photos first.',
};

/** @param score distance from the training photos, 1 = unlike them; null = not scored @param above 0 = never refuse */
export function refusalOf(score: number | null | undefined, above: number): Refusal | null {
  return above > 0 && typeof score === 'number' && score > above ? unlikeTraining : null;
}
