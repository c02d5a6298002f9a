import { z } from 'zod';
import { attentionSchema, qualityHints } from '../request-record.ts';

/** Path inside a Model artifact. */
export const referenceObservationsFile = 'reference-observations.jsonl';

/** One line of `reference-observations.jsonl`: a photo of training as the request log would hold it, for monitors to compare windows with. */
export const referenceObservationSchema = z.object({
  /** Example id (sha256). */
  id: z.string(),
  attributes: z.record(z.string(), z.string()),
  properties: z.record(z.string(), z.number()),
  quality: z.array(z.enum(qualityHints)),
  /** Base64 of float16, little endian: the embedding on the axes of the drift reference. */
  projection: z.string(),
  /** Of the heat map, as the service draws it unasked. Null for most photos, and absent in models from before it was kept. */
  attention: attentionSchema.nullable().default(null),
  /** Of an eval photo; null for a train photo, whose answer the head has learnt. */
  answer: z
    .object({
      label: z.string(),
      /** P(positive), or the top label's. 0..1. */
      score: z.number(),
      /** In the order of the answer labels sorted as text. */
      probabilities: z.array(z.number()),
      /** The right answer. */
      truth: z.string(),
      /** > 1 = flagged; null where the model has no measure for it. */
      outOfDistributionScore: z.number().nullable(),
    })
    .nullable(),
});
export type ReferenceObservation = z.infer<typeof referenceObservationSchema>;
