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
