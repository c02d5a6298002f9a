import { z } from 'zod';
import { deploymentRoleSchema } from '../endpoint.ts';
import { givenInstantSchema, instantSchema } from '../instant.ts';
import { qualityHints, requestRecordSchema } from '../request-record.ts';
import { combinedSchema, explanationSchema } from '../served-prediction.ts';
import { csvQuery, pageQuerySchema } from './page.ts';

/** A logged answer, without its vectors. */
export const loggedRequestSchema = requestRecordSchema.omit({ projection: true, embedding: true }).extend({
  loggingTime: instantSchema,
  /** The photo is kept now. */
  imageKept: z.boolean(),
});

const unit = z.coerce.number().min(0).max(1).optional();

/** Which logged predictions; all conditions hold. */
export const requestFilterSchema = z.object({
  endpoint: z.string().max(64).optional(),
  from: givenInstantSchema.optional(),
  to: givenInstantSchema.optional(),
  role: deploymentRoleSchema.optional(),
  label: z.string().max(200).optional(),
  imageSha256: z.string().max(64).optional(),
  requestId: z.string().max(128).optional().describe('Of the HTTP request: several photos share one'),
  version: z.coerce.number().int().positive().max(2_147_483_647).optional().describe('Of the model that answered'),
  uncertain: z.stringbool().optional(),
  unlike: z.stringbool().optional().describe('Unlike the training photos'),
  quality: z
    .enum([...qualityHints, 'any'])
    .optional()
    .describe('Photos with this hint, or with any'),
  error: z.string().max(64).optional().describe('Code of the error, or `any`'),
  minScore: unit.describe('P(positive) of a question, else the probability of the label; 0..1'),
  maxScore: unit,
  verdict: z
    .enum(['right', 'wrong', 'none'])
    .optional()
    .describe('By the label or verdict that counts; `none`: it has neither'),
  attribute: z
    .string()
    .max(300)
    .regex(/^[^=]+=/, 'must be name=value')
    .optional()
    .describe('`name=value`, as sent with the photo'),
});

export const requestsQuerySchema = pageQuerySchema.extend(requestFilterSchema.shape).extend(csvQuery);

/** Counting ends at 10,000. */
export const requestCountSchema = z.object({ count: z.int(), isMore: z.boolean() });

/** A heat map of a logged prediction, computed again from its kept photo. */
export const requestExplanationSchema = explanationSchema
  .pick({ grid: true, height: true, width: true, completenessError: true })
  .extend({ label: z.string().describe('The label that the cells speak for') });

const modelSchema = z.object({ name: z.string(), version: z.int().nullable() });

/** What was predicted for one subject, request by request. */
export const subjectSchema = z.object({
  subject: z.string(),
  /** Oldest first; the last 200. */
  visits: z.array(
    z.object({
      requestId: z.string(),
      at: instantSchema,
      endpoint: z.string(),
      model: modelSchema,
      /** Ids of the predictions of its photos. */
      predictions: z.array(z.string()),
      /** Of its photos; null when every one was refused. */
      combined: combinedSchema.nullable(),
    }),
  ),
  /** Of the visits that the model of the last one answered; null when it answers no question. */
  trend: z
    .object({
      /** `worse`: P(positive) rises; `unclear`: no change is shown, which does not show that there is none. */
      verdict: z.enum(['worse', 'better', 'unclear']),
      endpoint: z.string(),
      model: modelSchema,
      visits: z.int(),
      /** Of all pairs of visits, those in which P(positive) rises less those in which it falls, -1..1. */
      rise: z.number(),
      /** Of the Mann-Kendall test, two-sided: below 0.05 is `worse` or `better`. */
      p: z.number(),
    })
    .nullable(),
});
/** Before it is sent. */
export type SubjectHistory = z.input<typeof subjectSchema>;
