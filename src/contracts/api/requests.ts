import { z } from 'zod';
import { deploymentRoleSchema } from '../endpoint.ts';
import { givenInstantSchema, instantSchema } from '../instant.ts';
import { requestRecordSchema } from '../request-record.ts';
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
