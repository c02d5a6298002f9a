import { z } from 'zod';

/** Path inside a Model artifact. */
export const warmupFile = 'warmup/requests.jsonl';

/** One line of `warmup/requests.jsonl`: a photo and its probabilities at training, computed outside the exported graph. */
export const warmupRequestSchema = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The photo's bytes, base64. */
  image: z.base64(),
  /** In the order of `signature.labels`; 0..1, sums to 1. */
  probabilities: z.array(z.number()),
});
export type WarmupRequest = z.infer<typeof warmupRequestSchema>;
