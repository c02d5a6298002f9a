import { z } from 'zod';

/** One of the 46 checks of Google's MLOps levels. */
export const maturityAnswerSchema = z.object({
  /** `L1.1` .. `L2.20`. */
  id: z.string(),
  title: z.string(),
  holds: z.boolean(),
  /** What shows it; null = nothing does. */
  evidence: z.string().nullable(),
  /** What a sender, a flag or a variable says, and nothing shows; null = nothing is said, or it holds. */
  claim: z.string().nullable().describe('What is only said: it does not count'),
  /** Command that closes the gap; null = there is none. */
  gap: z.string().nullable(),
});
export type MaturityAnswer = z.output<typeof maturityAnswerSchema>;
