import { z } from 'zod';
import { signatureSchema } from '../artifacts/signature.ts';
import { deploymentSchema } from './endpoints.ts';
import { instantSchema, whySchema } from './page.ts';

export const modelSchema = z.object({
  name: z.string(),
  versions: z.number(),
  champion: z.number().nullable(),
  createdAt: instantSchema,
});
export type ApiModel = z.output<typeof modelSchema>;

export const modelVersionSchema = z.object({
  name: z.string(),
  version: z.number(),
  artifactId: z.string(),
  artifactUri: z.string(),
  artifactDigest: z.string(),
  executionId: z.string(),
  runId: z.string(),
  blessed: z.boolean(),
  metrics: z.record(z.string(), z.number()),
  createdAt: instantSchema,
  aliases: z.array(z.string()),
});
export type ApiModelVersion = z.output<typeof modelVersionSchema>;

export const aliasChangeSchema = z.object({
  name: z.string(),
  alias: z.string(),
  version: z.number().nullable(),
  at: instantSchema,
  who: z.string(),
  why: z.string(),
});

export const modelDetailsSchema = z.object({
  version: modelVersionSchema,
  signature: signatureSchema,
  /** Markdown, for people. */
  card: z.string(),
  versions: z.array(modelVersionSchema),
  timeline: z.array(aliasChangeSchema),
  deployments: z.array(deploymentSchema),
});
export type ApiModelDetails = z.output<typeof modelDetailsSchema>;

export const promoteModelSchema = z.strictObject({
  /** Number or alias. */
  version: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .default('challenger'),
  /** Even though it was not blessed. */
  force: z.boolean().default(false),
  why: whySchema,
});
export type PromoteModel = z.input<typeof promoteModelSchema>;

export const rollbackModelSchema = z.strictObject({ why: whySchema });
