import { z } from 'zod';
import { givenInstantSchema, instantSchema } from '../instant.ts';
import {
  feedbackEntrySchema,
  feedbackSchema,
  labelAttributesSchema,
  linkQuestions,
  saysMore,
  sessionSchema,
} from '../loop/feedback.ts';
import { pageQuerySchema } from './page.ts';

const noteSchema = z.string().max(2_000).nullable().default(null).describe('For people');

/** A photo by the id of its prediction, or by its HTTP request and its place in it. */
const feedbackItemSchema = z
  .object({
    id: z.uuid().optional().describe('Of the prediction, as its answer carried it'),
    requestId: z.string().min(1).max(128).optional().describe('Of the HTTP request instead'),
    instance: z.int().nonnegative().optional().describe('Place of the photo in that request, from 0'),
    note: noteSchema,
    session: sessionSchema
      .nullable()
      .default(null)
      .describe('Sitting of a user, which may have several photos: they are no independent evidence'),
  })
  .and(feedbackSchema)
  .refine(
    ({ id, requestId }) => (id === undefined) !== (requestId === undefined),
    'name the photo by id or by requestId',
  );
export type FeedbackItem = z.input<typeof feedbackItemSchema>;

export const addFeedbackSchema = z.object({
  feedback: z.array(feedbackItemSchema).min(1).max(1_000),
  source: z
    .enum(['api', 'widget'])
    .default('api')
    .describe('`api` takes the permission `label`; without it, `widget` is stored'),
  idempotencyKey: z.string().min(1).max(200).optional().describe('The same key and body again change nothing'),
});

export const addedFeedbackSchema = z.object({
  added: z.array(feedbackEntrySchema.extend({ repeated: z.boolean() })),
});

export const feedbackQuerySchema = pageQuerySchema.extend({
  endpoint: z.string().max(64).optional(),
  request: z.uuid().optional(),
  kind: feedbackEntrySchema.shape.kind.optional(),
  newClass: z.stringbool().optional(),
  from: givenInstantSchema.optional().describe('When the feedback was given'),
  to: givenInstantSchema.optional().describe('Exclusive'),
});

export const delayQuerySchema = z.object({
  endpoint: z.string().max(64).optional(),
  from: givenInstantSchema.optional(),
  to: givenInstantSchema.optional(),
});

export const behaviourQuerySchema = z.object({
  endpoint: z.string().max(64).optional(),
  from: givenInstantSchema.optional().describe('When the photos were predicted'),
  to: givenInstantSchema.optional().describe('Exclusive'),
});

export const importedFeedbackSchema = z.object({
  rows: z.int(),
  added: z.int(),
  repeated: z.int().describe('Rows of this very file that were imported before'),
  refused: z.int(),
  firstRefused: z
    .array(z.object({ line: z.int(), request: z.string(), code: z.string(), message: z.string() }))
    .describe('The first twenty; the header is line 1'),
});

export const makeLinkSchema = z.object({
  id: z.uuid(),
  ask: z
    .enum(linkQuestions)
    .default('answer')
    .describe(
      'What the page asks: whether the answer was right, or later whether the treatment helped; `nothing` shares the diagnosis, which needs a stored photo',
    ),
  days: z.number().positive().max(366).default(14).describe('Validity in days'),
  photo: z
    .base64()
    .optional()
    .describe(
      'The photo that was sent, if the endpoint did not keep it: the page shows it for as long as the link is valid',
    ),
});

export const feedbackLinkSchema = z.object({
  /** Below the address that the server is reached by. */
  path: z.string(),
  expiresAt: instantSchema,
  photoKept: z.boolean().describe('Whether the page shows the photo'),
});

/** Exactly one of them. */
export const revokeLinksSchema = z.union([
  z.strictObject({ link: z.string().min(1).max(2_048).describe('One link: its URL, path or token') }),
  z.strictObject({ id: z.uuid().describe('All links to this prediction that were made until now') }),
  z.strictObject({ endpoint: z.string().min(1).max(64).describe('All links to predictions of this endpoint') }),
]);

export const revokedLinksSchema = z.object({
  kind: z.enum(['link', 'request', 'endpoint']),
  of: z.string().describe('The prediction or endpoint'),
});

export const reviewQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  endpoint: z.string().max(64).optional(),
  state: z.enum(['waiting', 'done', 'skipped']).default('waiting'),
});

export const reviewLabelSchema = z
  .object({
    label: z.string().min(1).max(256),
    newClass: z.boolean().default(false),
    note: noteSchema,
    attributes: labelAttributesSchema.nullable().optional(),
  })
  .refine(...saysMore);

export const disputesQuerySchema = behaviourQuerySchema.extend({
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
