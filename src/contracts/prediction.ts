import { z } from 'zod';

/** The prediction for one photo. */
export const predictionSchema = z.object({
  /** A label, or for a question its positive or negative name. */
  label: z.string(),
  /** For a question P(positive); else of the label. 0..1. */
  probability: z.number(),
  /** Of all possible answers. */
  probabilities: z.record(z.string(), z.number()),
  /** For a question: of the underlying multi-class head. */
  classes: z.record(z.string(), z.number()).optional(),
});
export type Prediction = z.infer<typeof predictionSchema>;
