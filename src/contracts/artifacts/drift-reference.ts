import { z } from 'zod';
import { recordOf } from '../record-of.ts';

const distributionSchema = z.object({
  /** 101 numbers: the 0 %, 1 % ... 100 % quantiles. */
  quantiles: z.array(z.number()).length(101),
  mean: z.number(),
  std: z.number(),
});

const usualRangeSchema = z.object({ centre: z.number(), spread: z.number().positive() });

const noticeCountsSchema = z.object({
  photos: z.int().nonnegative(),
  /** Of them, with a score above 1 but not above the limit, and above it. */
  warned: z.int().nonnegative(),
  refused: z.int().nonnegative(),
});
export type NoticeCounts = z.infer<typeof noticeCountsSchema>;

/** How often photos are warned of and refused, at the model's own limit. */
const refusalReferenceSchema = z.object({
  /** The score from which on a photo is refused, as it shows no subject of the model. */
  above: z.number().positive(),
  /** Of the eval split, by ranges and limits that were fitted without them. */
  own: noticeCountsSchema,
  /** Of drawn pictures, and of photos whose label was left out: by what they show. */
  others: z.array(noticeCountsSchema.extend({ what: z.string() })),
});
export type RefusalReference = z.infer<typeof refusalReferenceSchema>;

/** A photo's score is the maximum of (measure - centre) / spread, over the threshold; above 1 it is flagged. */
const distributionReferenceSchema = z.object({
  threshold: z.number().positive(),
  /** Distance to the `count` nearest rows of the projection. */
  neighbours: usualRangeSchema.extend({ count: z.int().positive() }),
  /** A linear detector of pictures without the subject; `file` has embeddingSize weights and a bias, float32, little endian. */
  detector: usualRangeSchema.extend({ file: z.string(), outliers: z.int().positive() }).nullable(),
  /** Photos behind the threshold, each scored by parts fitted without it; and the share of the eval split above it. */
  calibrationPhotos: z.int().positive(),
  evalShareFlagged: z.number().nullable(),
  /** Absent in older models. */
  refusal: refusalReferenceSchema.optional(),
});
export type DistributionReference = z.infer<typeof distributionReferenceSchema>;

/** `drift-reference.json` in a Model artifact: the expected distributions, for monitors. */
export const driftReferenceSchema = z.object({
  /** Photos of the eval split behind these numbers. */
  examples: z.int().nonnegative(),
  /** label -> share of the eval photos with it; sums to 1. */
  labels: recordOf(z.number()),
  /** label -> share of the eval predictions (the most probable label); sums to 1. */
  answers: recordOf(z.number()),
  /** Share of eval predictions that are positive at the threshold, and at 0.5. Null for a multi-class task. */
  positiveRate: z.number().nullable(),
  positiveRateAtHalf: z.number().nullable(),
  /** P(positive) for a question, else the highest probability. Counts of 20 equal bins over 0..1. */
  scores: distributionSchema.extend({ histogram: z.array(z.int().nonnegative()).length(20) }),
  /** Image property -> its distribution over the eval photos. */
  properties: recordOf(distributionSchema),
  /** Train embeddings (plain view) times a seeded random sign matrix / sqrt(embeddingSize); `file` holds rows x size float16, little endian. */
  projection: z.object({
    file: z.string(),
    rows: z.int().nonnegative(),
    size: z.int().positive(),
    seed: z.string(),
    embeddingSize: z.int().positive(),
    /** Example id (sha256) of each row. Absent in older models. */
    ids: z.array(z.string()).optional(),
  }),
  /** Threshold of out-of-distribution scores. Absent in older models: computed from the projection when loaded. */
  distribution: distributionReferenceSchema.optional(),
});
export type DriftReference = z.infer<typeof driftReferenceSchema>;
