import { z } from 'zod';

/** The answer to one photo. */
export const predictionSchema = z.object({
  /** The answer: a label, or for a question its positive or negative name. */
  label: z.string(),
  /** For a question P(positive); else the label's own. 0..1. */
  probability: z.number(),
  /** The distribution over the answers. */
  probabilities: z.record(z.string(), z.number()),
  /** For a question: the multi-class head behind it. */
  classes: z.record(z.string(), z.number()).optional(),
});
export type Prediction = z.infer<typeof predictionSchema>;
