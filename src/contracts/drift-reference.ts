import { z } from 'zod';

const distributionSchema = z.object({
  /** 101 numbers: the 0 %, 1 % ... 100 % points. */
  quantiles: z.array(z.number()).length(101),
  mean: z.number(),
  std: z.number(),
});

/** `drift-reference.json` in a Model artifact: what "usual" looks like, for the monitors. */
export const driftReferenceSchema = z.object({
  /** Photos of the eval split behind these numbers. */
  examples: z.int().nonnegative(),
  /** label -> share of the eval photos that carry it; sums to 1. */
  labels: z.record(z.string(), z.number()),
  /** label -> share of the eval answers (the most probable label); sums to 1. */
  answers: z.record(z.string(), z.number()),
  /** Share of eval answers that are positive at the threshold, and at 0.5. Null for a multi-class task. */
  positiveRate: z.number().nullable(),
  positiveRateAtHalf: z.number().nullable(),
  /** P(positive) for a question, else the highest probability. Counts of 20 equal bins over 0..1. */
  scores: distributionSchema.extend({ histogram: z.array(z.int().nonnegative()).length(20) }),
  /** Image property -> its distribution over the eval photos. */
  properties: z.record(z.string(), distributionSchema),
  /** Train embeddings (plain view) times a seeded random sign matrix / sqrt(embeddingSize); `file` holds rows x size float16, little endian. */
  projection: z.object({
    file: z.string(),
    rows: z.int().nonnegative(),
    size: z.int().positive(),
    seed: z.string(),
    embeddingSize: z.int().positive(),
  }),
});
export type DriftReference = z.infer<typeof driftReferenceSchema>;
