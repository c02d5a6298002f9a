import { z } from 'zod';
import { signatureSchema } from '../artifacts/signature.ts';
import { deploymentSchema } from '../endpoint.ts';
import { aliasChangeSchema, modelVersionSchema } from '../model.ts';
import { whySchema } from './page.ts';

export type ApiModelVersion = z.output<typeof modelVersionSchema>;

export const modelDetailsSchema = z.object({
  version: modelVersionSchema,
  signature: signatureSchema,
  /** Markdown, for people. */
  card: z.string(),
  versions: z.array(modelVersionSchema),
  timeline: z.array(aliasChangeSchema),
  deployments: z.array(deploymentSchema),
});

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

export const rollbackModelSchema = z.strictObject({ why: whySchema });
