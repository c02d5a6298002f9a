import { z } from 'zod';
import { instantSchema } from '../instant.ts';
import { entrySources } from './feedback.ts';

/** 95 % interval; null = unknown. */
const withInterval = z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable();

/** How far the labellers of an endpoint agree, on photos with labels of two or more. */
export const agreementSchema = z.object({
  endpoint: z.string(),
  photos: z.int(),
  labellers: z.int(),
  /** Photos whose labellers do not all agree. */
  contradicted: z.int(),
  /** Krippendorff's alpha (nominal), interval over photos; null = only one label was given. */
  alpha: withInterval,
  /** Of each label against the others, on the photos that it was given to. */
  labels: z.array(z.object({ label: z.string(), photos: z.int(), alpha: withInterval })),
  /** Those with the most photos in common first, at most 100. */
  pairs: z.array(
    z.object({ labellers: z.tuple([z.string(), z.string()]), photos: z.int(), agreed: z.int(), alpha: withInterval }),
  ),
});
export type Agreement = z.input<typeof agreementSchema>;

/** A photo on which labellers disagree, that nobody decided. */
export const disputeSchema = z.object({
  request: z.string(),
  endpoint: z.string(),
  /** Of the prediction. */
  requestAt: instantSchema,
  answer: z.string().nullable(),
  imageKept: z.boolean(),
  /** Labels by number of labellers, most first. */
  labels: z.array(z.object({ label: z.string(), labellers: z.array(z.string()) })),
  /** Why no label counts. */
  reason: z.string(),
});
export type Dispute = z.input<typeof disputeSchema>;

/** How a labeller did on photos with a known label: adjudicated by somebody else, or golden and predicted again. */
export const labellerSchema = z.object({
  labeller: z.string(),
  source: z.enum(entrySources),
  /** Photos. */
  labelled: z.int(),
  checked: z.int(),
  right: z.int(),
  /** 0..1, with its 95 % interval; null = nothing was checked. */
  accuracy: withInterval,
});
export type Labeller = z.input<typeof labellerSchema>;
