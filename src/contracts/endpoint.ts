import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { disputePolicies, reviewReasons } from './loop/review.ts';
import { originSchema } from './origin.ts';
import { unlikePolicies } from './prediction.ts';

/** How an endpoint predicts and what it stores. Changed by `endpoint create` and `endpoint set`; absent = the default. */
export const endpointSettingsSchema = z.object({
  /** The label is `uncertain` if P(positive) (multi-class: the top probability) is in [low, high]. Null = never. */
  abstain: z
    .object({ low: z.number().min(0).max(1), high: z.number().min(0).max(1) })
    .refine(({ low, high }) => low <= high, 'low must be at most high')
    .nullable()
    .default(null),
  /** P(positive) from which on a question is answered with its positive name, 0..1. Null = the model's own threshold. */
  threshold: z.number().min(0).max(1).nullable().default(null),
  /** Score photos by their distance from the training photos. */
  outOfDistribution: z.boolean().default(true),
  /** What is done with photos unlike the training photos. */
  unlike: z.enum(unlikePolicies).default('refuse'),
  /** From this distance on, 1 = unlike the training photos, a photo is refused: its label is `uncertain`. 0 = never, null = the model's own limit. */
  refuseAbove: z.number().min(0).max(1_000).nullable().default(null),
  /** Which photos are stored, without EXIF and GPS. `share` (0..1) applies to `sampled`. */
  images: z
    .object({ policy: z.enum(['none', 'sampled', 'all']), share: z.number().min(0).max(1).default(0.1) })
    .default({ policy: 'sampled', share: 0.1 }),
  /** Days that photos are stored. 0 = no limit. */
  imageRetentionDays: z.int().nonnegative().default(30),
  /** Share of predictions whose whole embedding is logged, 0..1; the 64-number projection is always logged. */
  embeddingShare: z.number().min(0).max(1).default(0.02),
  /** Predict and explain without a key. */
  public: z.boolean().default(false),
  /** Devices of who may predict may keep the model file of the stable version, and answer without a connection. */
  offline: z.boolean().default(false),
  /** Pages of these origins may call the endpoint from a browser (CORS). */
  corsOrigins: z.array(originSchema).max(50).default([]),
  /**
   * Photos added to the review queue: at most `perDay`, a share of them (0..1) drawn at random to measure accuracy, the
   * others for these reasons. 0 per day = none. Each stays queued until `opinions` labellers labelled it. When labellers disagree, no label
   * counts until a person decides (`hold`), or that of more than half of them does (`majority`).
   */
  review: z
    .object({
      perDay: z.int().min(0).max(10_000).default(50),
      randomShare: z.number().min(0).max(1).default(0.2),
      reasons: z
        .array(z.enum(reviewReasons).exclude(['random']))
        .default(['uncertain', 'disagreement', 'far-from-training', 'suspicious']),
      opinions: z.int().min(1).max(20).default(1),
      disputes: z.enum(disputePolicies).default('hold'),
    })
    .default({
      perDay: 50,
      randomShare: 0.2,
      reasons: ['uncertain', 'disagreement', 'far-from-training', 'suspicious'],
      opinions: 1,
      disputes: 'hold',
    }),
  /** From arrival to response; then 504. */
  deadlineMs: z.int().min(10).max(600_000).default(10_000),
});
export type EndpointSettings = z.infer<typeof endpointSettingsSchema>;

export const deploymentRoleSchema = z.enum(['stable', 'canary', 'shadow']);
export type DeploymentRole = z.infer<typeof deploymentRoleSchema>;

/** The target state of a deployment. Stable and canary traffic sums to 100; a shadow's traffic is the share of requests that it also sees. */
export const deploymentPlanSchema = z.object({
  modelName: z.string(),
  version: z.int().positive(),
  role: deploymentRoleSchema,
  /** Percent, whole. */
  traffic: z.int().min(0).max(100),
});
export type DeploymentPlan = z.infer<typeof deploymentPlanSchema>;

const endpointActions = [
  'create',
  'set',
  'deploy',
  'undeploy',
  'traffic',
  'promote',
  'rollback',
  'delete',
  'refused',
  'ready',
] as const;
export type EndpointAction = (typeof endpointActions)[number];

export const deploymentSchema = z.object({
  id: z.string(),
  endpoint: z.string(),
  modelName: z.string(),
  version: z.number(),
  role: deploymentRoleSchema,
  /** Percent. */
  traffic: z.number(),
  since: instantSchema,
});
export type Deployment = z.input<typeof deploymentSchema>;

export const endpointSchema = z.object({
  name: z.string(),
  displayName: z.string().nullable(),
  settings: endpointSettingsSchema,
  createdAt: instantSchema,
  updatedAt: instantSchema.nullable(),
  /** Active deployments, stable first. */
  deployments: z.array(deploymentSchema),
});
export interface Endpoint extends z.input<typeof endpointSchema> {
  project: string;
  settings: EndpointSettings;
}

export const endpointEventSchema = z.object({
  seq: z.number(),
  endpoint: z.string(),
  action: z.enum(endpointActions),
  at: instantSchema,
  who: z.string(),
  why: z.string(),
  before: z.unknown(),
  after: z.unknown(),
});
export type EndpointEvent = z.input<typeof endpointEventSchema>;
