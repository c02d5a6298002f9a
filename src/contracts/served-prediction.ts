import { z } from 'zod';
import { thresholdRuleSchema } from './artifacts/operating-point.ts';
import { noticeSchema, predictionSchema } from './prediction.ts';
import { recordOf } from './record-of.ts';
import { qualityHints } from './request-record.ts';

/** The prediction for one photo, as clients see it. `outOfDistribution.nearest` only for keys with scope `operate`. */
const servedPredictionSchema = predictionSchema.extend({
  /** UUIDv7; feedback refers to it. */
  id: z.string(),
  /** Set when the label is `uncertain`: the label otherwise; `probability` belongs to it. */
  leaning: z.string().optional(),
  /** Set when the label is `uncertain` because the photo shows no subject of the model, and not because the score is in the abstain band. */
  refusal: noticeSchema.optional(),
  /** What the threshold keeps (a sensitivity, a specificity) or costs, of a model that was trained so. */
  thresholdRule: thresholdRuleSchema.optional(),
  /** Set when the photo is classified although it is unlike the training photos. */
  warning: noticeSchema.optional(),
  model: z.object({ name: z.string(), version: z.int().nullable() }),
  deployment: z.object({ id: z.string(), role: z.enum(['stable', 'canary']) }),
  outOfDistribution: z
    .object({
      flagged: z.boolean(),
      /** > 1 = flagged. */
      score: z.number(),
      /** Example ids (sha256) of the closest training photos, closest first. */
      nearest: z.array(z.string()).optional(),
    })
    .nullable(),
  /** Quality hints for the photographer. */
  quality: z.array(z.enum(qualityHints)),
});
export type ServedPrediction = z.infer<typeof servedPredictionSchema>;

/** One answer of all photos of a subject. */
export const combinedSchema = servedPredictionSchema
  .pick({
    label: true,
    leaning: true,
    probability: true,
    positiveProbability: true,
    threshold: true,
    probabilities: true,
  })
  .extend({
    /** Photos that it is of: refused ones are left out. */
    photos: z.int(),
  });
export type Combined = z.infer<typeof combinedSchema>;

export const predictResponseSchema = z.object({
  requestId: z.string(),
  endpoint: z.string(),
  predictions: z.array(servedPredictionSchema),
  /** Of a request that names its subject; null when every photo is refused. */
  combined: combinedSchema.nullable().optional(),
});
export type PredictResponse = z.infer<typeof predictResponseSchema>;

export const explanationSchema = z.object({
  prediction: servedPredictionSchema,
  /** [height][width]: log-odds that each cell adds for the class. */
  grid: z.array(z.array(z.number())),
  height: z.int(),
  width: z.int(),
  completenessError: z.number(),
});
export type ServedExplanation = z.infer<typeof explanationSchema>;

/** The shape of all error responses. */
export const errorBodySchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    remedy: z.string(),
    details: recordOf(z.unknown()),
    requestId: z.string(),
  }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;
