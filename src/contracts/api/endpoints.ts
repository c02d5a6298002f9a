import { z } from 'zod';
import { nameSchema } from '../access.ts';
import { driftReferenceSchema } from '../artifacts/drift-reference.ts';
import { signatureSchema } from '../artifacts/signature.ts';
import {
  deploymentPlanSchema,
  deploymentRoleSchema,
  endpointEventSchema,
  type endpointSchema,
  endpointSettingsSchema,
} from '../endpoint.ts';
import { givenInstantSchema, instantSchema } from '../instant.ts';
import { displayNamesSchema } from '../loop/label-name.ts';
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
  offline: settings.offline.unwrap().nullable().optional(),
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

/** Of two people who change the same endpoint, the second is told. */
const unchangedSince = givenInstantSchema
  .nullable()
  .optional()
  .describe('`updatedAt` of the endpoint as you read it: refused when it has changed since');

export const setEndpointSchema = z.strictObject({ settings: settingsChangeSchema, unchangedSince, why: whySchema });

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
  unchangedSince,
  why: whySchema,
});

export const promoteSchema = z.strictObject({
  model: modelReference.optional(),
  force: z.boolean().default(false),
  why: whySchema,
});

export const rollbackSchema = z.strictObject({ why: whySchema });

/** Seconds. */
export const seriesSteps = { '1h': 3_600, '6h': 21_600, '1d': 86_400, '7d': 604_800 } as const;
export type SeriesStep = keyof typeof seriesSteps;
export const mostBuckets = 400;

export const seriesQuerySchema = z.object({
  from: givenInstantSchema.optional().describe('Default: seven days before `to`'),
  to: givenInstantSchema.optional().describe('Default: now'),
  step: z
    .enum(['1h', '6h', '1d', '7d'])
    .optional()
    .describe(`Default: the smallest with at most ${mostBuckets} buckets; of a smaller one, the newest ${mostBuckets}`),
});

const perBucket = z.array(z.int());
const milliseconds = z.array(z.number().nullable());

/** Counts of photos, without shadows; every list has one number for each bucket. */
const bucketsSchema = z.object({
  photos: perBucket,
  answered: perBucket.describe('Status 200'),
  failed: perBucket.describe('Status 500 and above'),
  refused: perBucket.describe('Status 400 to 499'),
  uncertain: perBucket,
  unlike: perBucket.describe('Unlike the training photos'),
  p50: milliseconds.describe('Of answered photos, to 9 %; null without any'),
  p99: milliseconds,
});

export const seriesSchema = z.object({
  endpoint: z.string(),
  /** Start of the first bucket, and end of the last. */
  from: instantSchema,
  to: instantSchema,
  stepS: z.int(),
  total: bucketsSchema,
  versions: z.array(
    bucketsSchema.extend({ model: z.string(), version: z.int().nullable(), role: deploymentRoleSchema }),
  ),
  labels: z.array(z.object({ label: z.string(), photos: perBucket })).describe('The most frequent first, at most 20'),
});
export type Series = z.input<typeof seriesSchema>;
export type SeriesTraffic = z.input<typeof bucketsSchema>;

export const stateQuerySchema = z.object({ at: givenInstantSchema.optional().describe('Default: now') });

export const endpointStateSchema = z.object({
  endpoint: z.string(),
  at: instantSchema,
  deployments: z.array(deploymentPlanSchema),
  settings: endpointSettingsSchema,
  /** The change that led to these deployments; null = none yet. */
  change: endpointEventSchema.nullable(),
});

/** For a page that takes photos. */
export const captureSchema = z.object({
  endpoint: z.string(),
  displayName: z.string().nullable(),
  answers: z.array(z.string()).describe('What the answer may be: the two names of a question, else the labels'),
  labels: z.array(z.string()).describe('What a photo may show; for "it was something else"'),
  displayNames: displayNamesSchema.describe('What people read instead of a label, by label'),
  positive: z.string().nullable().describe('Of a question, the answer that P(positive) is of'),
  band: z
    .object({ low: z.number(), high: z.number() })
    .nullable()
    .describe('P(positive), or of the label, for which the answer is "uncertain"'),
  input: z.object({ width: z.int(), height: z.int() }).describe('Pixels; half of it is the least that a photo needs'),
  maxBytes: z.int().describe('Of one request'),
  public: z.boolean(),
  mayShare: z.boolean().describe('Who asks may share an answer by a signed link (`feedback.link`)'),
  offline: z.boolean().describe('A device may keep the model, and answer without a connection'),
});

/** By what a file is to the model. */
const offlineFileSchema = z.object({
  sha256: z.string().describe('Names it in `/offline/{sha256}`'),
  bytes: z.int(),
});

/** What a device needs to answer as the endpoint does. */
export const offlineModelSchema = z.object({
  endpoint: z.string(),
  model: z.object({ name: z.string(), version: z.int().nullable() }),
  signature: signatureSchema.pick({
    labels: true,
    task: true,
    threshold: true,
    thresholdRule: true,
    labelSets: true,
    preprocess: true,
    embeddingSize: true,
  }),
  settings: endpointSettingsSchema.pick({
    abstain: true,
    threshold: true,
    outOfDistribution: true,
    unlike: true,
    refuseAbove: true,
  }),
  files: z.object({
    model: offlineFileSchema.describe('ONNX: `pixels` uint8 [1, height, width, 3] to `probabilities` and `embedding`'),
    rows: offlineFileSchema.nullable().describe('float16 [rows, size]: training photos on the axes of `reference`'),
    detector: offlineFileSchema.nullable().describe('float32: weights and bias of the outlier detector'),
  }),
  reference: driftReferenceSchema
    .pick({ distribution: true })
    .extend({ projection: driftReferenceSchema.shape.projection.pick({ rows: true, size: true, seed: true }) })
    .nullable()
    .describe('How far from the training photos is usual; null: the model does not know'),
});
export type OfflineModel = z.output<typeof offlineModelSchema>;

export const visitorFeedbackSchema = z
  .strictObject({
    id: z.uuid().describe('Of the prediction'),
    verdict: z.enum(['right', 'wrong']).optional(),
    label: z.string().min(1).max(100).optional().describe('What the photo shows, instead of a verdict'),
    note: z.string().max(2_000).nullable().default(null),
    idempotencyKey: z.string().min(1).max(200).optional(),
  })
  .refine(({ verdict, label }) => (verdict === undefined) !== (label === undefined), 'give a verdict or a label');
