import { z } from 'zod';
import { nameSchema } from '../access.ts';
import {
  deploymentRoleSchema,
  type endpointEventSchema,
  type endpointSchema,
  endpointSettingsSchema,
} from '../endpoint.ts';
import { whySchema } from './page.ts';

export type ApiEndpoint = z.output<typeof endpointSchema>;
export type ApiEndpointEvent = z.output<typeof endpointEventSchema>;

const settings = endpointSettingsSchema.shape;

/** Each setting as in `EndpointSettings`; left out = unchanged, null = its default. */
const settingsChangeSchema = z.strictObject({
  abstain: settings.abstain.unwrap().nullable().optional(),
  threshold: settings.threshold.unwrap().optional(),
  outOfDistribution: settings.outOfDistribution.unwrap().nullable().optional(),
  unlike: settings.unlike.unwrap().nullable().optional(),
  refuseAbove: settings.refuseAbove.unwrap().optional(),
  images: settings.images.unwrap().nullable().optional(),
  imageRetentionDays: settings.imageRetentionDays.unwrap().nullable().optional(),
  embeddingShare: settings.embeddingShare.unwrap().nullable().optional(),
  public: settings.public.unwrap().nullable().optional(),
  corsOrigins: settings.corsOrigins.unwrap().nullable().optional(),
  review: settings.review.unwrap().nullable().optional(),
  deadlineMs: settings.deadlineMs.unwrap().nullable().optional(),
});
export type SettingsChange = z.input<typeof settingsChangeSchema>;

export const createEndpointSchema = z.strictObject({
  name: nameSchema,
  displayName: z.string().max(200).optional(),
  settings: settingsChangeSchema.optional(),
  why: whySchema,
});

export const setEndpointSchema = z.strictObject({ settings: settingsChangeSchema, why: whySchema });

/** `leaf-health`, `leaf-health@3`, `leaf-health@challenger`. */
const modelReference = z.string().min(1).max(128);

export const deploySchema = z.strictObject({
  model: modelReference,
  role: deploymentRoleSchema.optional(),
  /** Percent, whole. */
  traffic: z.int().min(0).max(100).optional(),
  /** Also a version that was not blessed. */
  force: z.boolean().default(false),
  why: whySchema,
});

/** Null = all of them. */
export const undeploySchema = z.strictObject({ model: modelReference.nullable(), why: whySchema });

/** Model reference -> percent, whole; what is not named keeps its share, and the stable one takes the rest. */
export const trafficSchema = z.strictObject({
  traffic: z.record(modelReference, z.int().min(0).max(100)),
  why: whySchema,
});

export const promoteSchema = z.strictObject({
  model: modelReference.optional(),
  force: z.boolean().default(false),
  why: whySchema,
});

export const rollbackSchema = z.strictObject({ why: whySchema });

/** For a page that takes photos. */
export const captureSchema = z.object({
  endpoint: z.string(),
  displayName: z.string().nullable(),
  answers: z.array(z.string()).describe('What the answer may be: the two names of a question, else the labels'),
  labels: z.array(z.string()).describe('What a photo may show; for "it was something else"'),
  positive: z.string().nullable().describe('Of a question, the answer that P(positive) is of'),
  band: z
    .object({ low: z.number(), high: z.number() })
    .nullable()
    .describe('P(positive), or of the label, for which the answer is "uncertain"'),
  input: z.object({ width: z.int(), height: z.int() }).describe('Pixels; half of it is the least that a photo needs'),
  maxBytes: z.int().describe('Of one request'),
  public: z.boolean(),
});

export const visitorFeedbackSchema = z
  .strictObject({
    id: z.uuid().describe('Of the prediction'),
    verdict: z.enum(['right', 'wrong']).optional(),
    label: z.string().min(1).max(100).optional().describe('What the photo shows, instead of a verdict'),
    note: z.string().max(2_000).nullable().default(null),
    idempotencyKey: z.string().min(1).max(200).optional(),
  })
  .refine(({ verdict, label }) => (verdict === undefined) !== (label === undefined), 'give a verdict or a label');
