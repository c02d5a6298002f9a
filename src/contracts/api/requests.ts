import { z } from 'zod';
import { deploymentRoleSchema } from '../endpoint.ts';
import { givenInstantSchema, instantSchema } from '../instant.ts';
import { requestRecordSchema } from '../request-record.ts';
import { combinedSchema } from '../served-prediction.ts';
import { pageQuerySchema } from './page.ts';

/** A logged answer, without its vectors. */
export const loggedRequestSchema = requestRecordSchema.omit({ projection: true, embedding: true }).extend({
  loggingTime: instantSchema,
  /** The photo is kept now. */
  imageKept: z.boolean(),
});

export const requestsQuerySchema = pageQuerySchema.extend({
  endpoint: z.string().max(64).optional(),
  from: givenInstantSchema.optional(),
  to: givenInstantSchema.optional(),
  role: deploymentRoleSchema.optional(),
  label: z.string().max(200).optional(),
  imageSha256: z.string().max(64).optional(),
  requestId: z.string().max(128).optional().describe('Of the HTTP request: several photos share one'),
});

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
