import { z } from 'zod';

/** One of the 46 checks of Google's MLOps levels. */
export const maturityAnswerSchema = z.object({
  /** `L1.1` .. `L2.20`. */
  id: z.string(),
  title: z.string(),
  holds: z.boolean(),
  /** What shows it; null = nothing does. */
  evidence: z.string().nullable(),
  /** Command that closes the gap; null = there is none. */
  gap: z.string().nullable(),
});
export type MaturityAnswer = z.output<typeof maturityAnswerSchema>;
