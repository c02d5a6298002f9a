import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { recordOf } from './record-of.ts';

export const modelSchema = z.object({
  name: z.string(),
  versions: z.number(),
  champion: z.number().nullable(),
  createdAt: instantSchema,
});
export type Model = z.input<typeof modelSchema>;

export const modelVersionSchema = z.object({
  name: z.string(),
  version: z.number(),
  artifactId: z.string(),
  artifactUri: z.string(),
  artifactDigest: z.string(),
  executionId: z.string(),
  runId: z.string(),
  blessed: z.boolean(),
  metrics: recordOf(z.number()),
  createdAt: instantSchema,
  /** Aliases that point to this version now. */
  aliases: z.array(z.string()),
});
export type ModelVersion = z.input<typeof modelVersionSchema>;

/** One entry of the append-only timeline of an alias. */
export const aliasChangeSchema = z.object({
  name: z.string(),
  alias: z.string(),
  version: z.number().nullable(),
  at: instantSchema,
  who: z.string(),
  why: z.string(),
});
export type AliasChange = z.input<typeof aliasChangeSchema>;
