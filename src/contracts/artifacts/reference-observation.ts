import { z } from 'zod';
import { recordOf } from '../record-of.ts';
import { attentionSchema, qualityHints } from '../request-record.ts';

/** Path inside a Model artifact. */
export const referenceObservationsFile = 'reference-observations.jsonl';

const answerSchema = z.object({
  label: z.string(),
  /** P(positive), or the top label's. 0..1. */
  score: z.number(),
  /** In the order of the answer labels sorted as text. */
  probabilities: z.array(z.number()),
  /** The true label. */
  truth: z.string(),
  /** > 1 = flagged; null if the model has no measure. */
  outOfDistributionScore: z.number().nullable(),
});

/** One line of `reference-observations.jsonl`: a training photo as in the request log, as reference for monitors. */
export const referenceObservationSchema = z.object({
  /** Example id (sha256). */
  id: z.string(),
  attributes: recordOf(z.string()),
  properties: recordOf(z.number()),
  quality: z.array(z.enum(qualityHints)),
  /** Base64 of float16, little endian: the embedding projected as in the drift reference. */
  projection: z.string(),
  /** Of a heat map as the service draws it. Null for most photos; absent in older models. */
  attention: attentionSchema.nullable().default(null),
  /** Of an eval photo; null for a train photo, because the head was trained on it. */
  answer: answerSchema.nullable(),
});
export type ReferenceObservation = z.infer<typeof referenceObservationSchema>;

/** Path inside a Model artifact; absent in older models. */
export const changedAnswersFile = 'changed-answers.jsonl';

/** One line of `changed-answers.jsonl`: the model's answer to an eval photo that was changed on purpose. */
export const changedAnswerSchema = z.object({
  /** Example id (sha256). */
  id: z.string(),
  /** How it was changed; null = not at all. */
  change: z.string().nullable(),
  answer: answerSchema,
});
export type ChangedAnswer = z.infer<typeof changedAnswerSchema>;
