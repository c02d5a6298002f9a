import { z } from 'zod';
import { blessingSchema } from '../artifacts/blessing.ts';
import { evaluationSchema } from '../artifacts/evaluation.ts';
import { signatureSchema } from '../artifacts/signature.ts';
import { deploymentSchema } from '../endpoint.ts';
import { instantSchema } from '../instant.ts';
import { aliasChangeSchema, modelVersionSchema } from '../model.ts';
import { predictionSchema } from '../prediction.ts';
import { explanationSchema } from '../served-prediction.ts';
import { pageQuerySchema, pageSchema, whySchema } from './page.ts';

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

const versionSchema = z.object({ name: z.string(), version: z.number() });

export const modelEvaluationSchema = z.object({
  model: versionSchema,
  runId: z.string(),
  evaluatedAt: instantSchema,
  artifact: z.string().describe('Id of the ModelEvaluation'),
  examples: z.string().describe('Id of the Examples'),
  evaluation: evaluationSchema,
  blessing: blessingSchema.nullable().describe('null: the pipeline sets no thresholds'),
});

export const photoGroups = ['first-only', 'second-only', 'both-wrong', 'both-right'] as const;

export const compareModelsQuerySchema = pageQuerySchema.extend({
  models: z
    .string()
    .max(300)
    .regex(/^[^,]+,[^,]+$/)
    .describe('Two model versions (`leaf@3`, `leaf@champion`), separated by a comma'),
  photos: z
    .enum([...photoGroups, 'changed', 'all'])
    .default('changed')
    .describe('Who is right about them'),
});

export const modelComparisonSchema = pageSchema(
  z.object({
    sha256: z.string(),
    filename: z.string(),
    label: z.string(),
    group: z.enum(photoGroups),
    isChanged: z.boolean(),
    answers: z.array(z.object({ answer: z.string(), probability: z.number(), isRight: z.boolean() })),
  }),
).extend({
  models: z.array(versionSchema.extend({ threshold: z.number() })),
  examples: z.string().describe('Id of the Examples of the first'),
  counts: z.record(z.enum([...photoGroups, 'changed']), z.int()),
  leftOut: z.object({ inOneOnly: z.int(), relabelled: z.int(), unknownLabel: z.int() }),
  why: z.enum(['other-task', 'no-common-photos']).nullable().describe('They cannot be compared'),
});

export const storedPhotoSchema = z.strictObject({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe(
      'Of a photo of the data set that the version was evaluated on, or, with `label`, a kept one of a request',
    ),
});

export const triedSchema = z.object({ model: versionSchema, prediction: predictionSchema });
export const triedExplanationSchema = explanationSchema
  .pick({ grid: true, height: true, width: true, completenessError: true })
  .extend({ ...triedSchema.shape, fit: signatureSchema.shape.preprocess.shape.fit });
