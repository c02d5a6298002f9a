import { z } from 'zod';
import { deploymentRoleSchema } from './endpoint.ts';
import { loggedProbabilitiesSchema } from './prediction.ts';
import { recordOf } from './record-of.ts';

/** Hints about a photo's quality. */
export const qualityHints = ['too-dark', 'too-bright', 'blurred', 'too-small'] as const;
export type QualityHint = (typeof qualityHints)[number];

/** Distribution of a heat map's attention: share at the border, and entropy. Both 0..1. */
export const attentionSchema = z.object({ border: z.number(), entropy: z.number() });
export type Attention = z.infer<typeof attentionSchema>;

/** One prediction, or failure after routing, as in the journal; the database row is made from it. */
export const requestRecordSchema = z.object({
  /** UUIDv7, the id that clients see; a replay of the same id changes nothing. */
  publicId: z.uuid(),
  /** ISO 8601, milliseconds, UTC. */
  loggingTime: z.string(),
  project: z.string(),
  endpoint: z.string(),
  /** Id of the deployment row; in container mode AIP_DEPLOYED_MODEL_ID or the model's digest. */
  deployedModelId: z.string(),
  modelName: z.string(),
  modelVersion: z.int().nullable(),
  role: deploymentRoleSchema,
  /** For a shadow: the client's prediction. */
  shadowOf: z.uuid().nullable(),
  /** Of the HTTP request; several photos share one. */
  requestId: z.string(),
  /** Index of the photo in its request, from 0. */
  instance: z.int().nonnegative(),
  protocol: z.enum(['native', 'original', 'vertex', 'oip', 'kserve-v1']),
  apiKeyId: z.string().nullable(),
  idempotencyKey: z.string().nullable(),
  /** sha256 of the request body, for the idempotency check. */
  bodyDigest: z.string().nullable(),
  status: z.int(),
  errorCode: z.string().nullable(),
  /** The response for this photo; null when it failed. */
  response: recordOf(z.unknown()).nullable(),
  label: z.string().nullable(),
  ...loggedProbabilitiesSchema.omit({ probabilities: true }).shape,
  uncertain: z.boolean(),
  /** [K] in the order of the model's labels, 0..1. */
  probabilities: z.array(z.number()).nullable(),
  imageSha256: z.string().nullable(),
  /** Of the model's input pixels, uint8 RGB: equal for equal pictures, whatever their metadata. */
  pixelsSha256: z.string().nullable(),
  imageFormat: z.string().nullable(),
  imageBytes: z.int().nonnegative().nullable(),
  /** Name -> number, as `Example.properties`. */
  properties: recordOf(z.number()).nullable(),
  /** Why the photo is not kept although the endpoint keeps it: its metadata cannot be removed, since its parts cannot be followed. */
  imageNotKept: z.enum(['metadata']).nullable(),
  quality: z.array(z.enum(qualityHints)),
  /** Distance from the training photos relative to the threshold: > 1 = flagged. */
  outOfDistributionScore: z.number().nullable(),
  outOfDistribution: z.boolean(),
  /** Base64 of 64 float16, little endian. */
  projection: z.string().nullable(),
  /** Base64 of D float32, little endian; of the sampled share only. */
  embedding: z.string().nullable(),
  /** From arrival to response; of it in the queue, and in the inference process. Milliseconds. */
  latencyMs: z.number(),
  queueMs: z.number(),
  inferenceMs: z.number(),
  /** Sent by the client for slices: device, app version, place. */
  attributes: recordOf(z.union([z.string(), z.number(), z.boolean()])),
  /** If a heat map was drawn. */
  attention: attentionSchema.nullable(),
  /** What the client follows over time: a plant. Absent in journals of version 0.1. */
  subject: z.string().nullable().default(null),
});
export type RequestRecord = z.infer<typeof requestRecordSchema>;

/** A record, with the photo if the endpoint stores it (metadata already removed). */
export interface JournalEntry {
  record: RequestRecord;
  image?: Uint8Array;
}

/** Destination of records before a response is sent. */
export interface RequestSink {
  /** Resolves once the entries survive a power cut. All or none. @throws JOURNAL_FAILED; send no prediction then */
  append(entries: readonly JournalEntry[]): Promise<void>;
}

/** Where reading of the journal continues. */
export interface JournalPosition {
  segment: number;
  offset: number;
}

export interface LoggedRequest extends Omit<RequestRecord, 'loggingTime' | 'projection' | 'embedding' | 'response'> {
  /** The star schema's bigint key. */
  key: number;
  loggingTime: Date;
  response: Record<string, unknown> | null;
  imageKept: boolean;
  /** 64 float16 as float32. */
  projection: Float32Array | null;
  embedding: Float32Array | null;
}
