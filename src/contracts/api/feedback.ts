import { z } from 'zod';
import { instantSchema } from '../instant.ts';
import { feedbackEntrySchema, feedbackSchema, type labelDelaySchema } from '../loop/feedback.ts';
import type { reviewFillSchema, reviewItemSchema } from '../loop/review.ts';
import { pageQuerySchema } from './page.ts';

const noteSchema = z.string().max(2_000).nullable().default(null).describe('For people');

/** A photo by the id of its prediction, or by its HTTP request and its place in it. */
export const saidSchema = z
  .object({
    id: z.uuid().optional().describe('Of the prediction, as its answer carried it'),
    requestId: z.string().min(1).max(128).optional().describe('Of the HTTP request instead'),
    instance: z.int().nonnegative().optional().describe('Place of the photo in that request, from 0'),
    note: noteSchema,
  })
  .and(feedbackSchema)
  .refine(
    ({ id, requestId }) => (id === undefined) !== (requestId === undefined),
    'name the photo by id or by requestId',
  );
export type SaidInput = z.input<typeof saidSchema>;

export const addFeedbackSchema = z.object({
  feedback: z.array(saidSchema).min(1).max(1_000),
  source: z.enum(['api', 'widget']).default('api'),
  idempotencyKey: z.string().min(1).max(200).optional().describe('The same key and body again change nothing'),
});
export type AddFeedback = z.input<typeof addFeedbackSchema>;

export type ApiFeedback = z.output<typeof feedbackEntrySchema>;

export const addedFeedbackSchema = z.object({
  added: z.array(feedbackEntrySchema.extend({ repeated: z.boolean() })),
});
export type AddedFeedback = z.output<typeof addedFeedbackSchema>;

export const feedbackQuerySchema = pageQuerySchema.extend({
  endpoint: z.string().max(64).optional(),
  request: z.uuid().optional(),
  kind: feedbackEntrySchema.shape.kind.optional(),
  newClass: z.stringbool().optional(),
});
export type FeedbackQuery = z.input<typeof feedbackQuerySchema>;

export const delayQuerySchema = z.object({
  endpoint: z.string().max(64).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});
export type DelayQuery = z.input<typeof delayQuerySchema>;

export type ApiLabelDelay = z.output<typeof labelDelaySchema>;

export const importedFeedbackSchema = z.object({
  rows: z.int(),
  added: z.int(),
  repeated: z.int().describe('Rows of this very file that were imported before'),
  refused: z.int(),
  firstRefused: z
    .array(z.object({ line: z.int(), request: z.string(), code: z.string(), message: z.string() }))
    .describe('The first twenty; the header is line 1'),
});
export type ImportedFeedback = z.output<typeof importedFeedbackSchema>;

export const makeLinkSchema = z.object({
  id: z.uuid(),
  days: z.number().positive().max(366).default(14).describe('How long it is good'),
});
export type MakeLink = z.input<typeof makeLinkSchema>;

export const feedbackLinkSchema = z.object({
  /** Below the address that the server is reached by. */
  path: z.string(),
  expiresAt: instantSchema,
});
export type FeedbackLink = z.output<typeof feedbackLinkSchema>;

export type ApiReviewItem = z.output<typeof reviewItemSchema>;

export const reviewQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  endpoint: z.string().max(64).optional(),
  state: z.enum(['waiting', 'done', 'skipped']).default('waiting'),
});
export type ReviewQuery = z.input<typeof reviewQuerySchema>;

export const reviewLabelSchema = z.object({
  label: z.string().min(1).max(256),
  newClass: z.boolean().default(false),
  note: noteSchema,
});
export type ReviewLabel = z.input<typeof reviewLabelSchema>;

export type ApiReviewFill = z.output<typeof reviewFillSchema>;
