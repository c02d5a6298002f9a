import { z } from 'zod';
import { behaviourSchema } from '../../loop/behaviour.ts';
import { feedbackEntrySchema, labelDelaySchema } from '../../loop/feedback.ts';
import { agreementSchema, disputeSchema, labellerSchema } from '../../loop/labellers.ts';
import { mostCounted, reviewFillSchema, reviewItemSchema } from '../../loop/review.ts';
import {
  addedFeedbackSchema,
  addFeedbackSchema,
  behaviourQuerySchema,
  delayQuerySchema,
  disputesQuerySchema,
  feedbackLinkSchema,
  feedbackQuerySchema,
  importedFeedbackSchema,
  makeLinkSchema,
  reviewLabelSchema,
  reviewQuerySchema,
  revokedLinksSchema,
  revokeLinksSchema,
} from '../feedback.ts';
import { pageSchema } from '../page.ts';
import type { RouteIn, Routes } from '../route.ts';

const byId = z.object({ id: z.uuid() });

export const feedbackRoutes = {
  'feedback.list': {
    summary: 'List feedback, newest first; superseded entries too',
    description:
      'Newest first, by endpoint, prediction or kind. A later label or verdict on the same prediction supersedes an earlier one.',
    needs: ['read', 'label'],
    query: feedbackQuerySchema,
    answer: pageSchema(feedbackEntrySchema),
  },
  'feedback.add': {
    summary: 'Record labels, verdicts, events or business outcomes for predictions',
    description:
      'All or none are recorded. A later entry for the same photo supersedes an earlier one, which is kept as history. From a caller without permission `label`, the source is `widget`.',
    needs: ['predict', 'label'],
    body: addFeedbackSchema,
    status: 201,
    answer: addedFeedbackSchema,
    errors: [
      'FEEDBACK_REQUEST_UNKNOWN',
      'FEEDBACK_PHOTO_UNNAMED',
      'FEEDBACK_LABEL_UNKNOWN',
      'FEEDBACK_VERDICT_UNCLEAR',
      'FEEDBACK_KEY_REUSED',
      'FEEDBACK_TOO_MUCH',
    ],
  },
  'feedback.delay': {
    summary: 'Get the time from prediction to label, for photos predicted in a period',
    description: 'How many predictions have a label, and after how long: median and 90th percentile.',
    needs: ['read', 'label'],
    query: delayQuerySchema,
    answer: labelDelaySchema,
  },
  'feedback.behaviour': {
    summary: 'Get what users did with the predictions of a period, per version and role',
    description:
      'A funnel from predictions to outcomes, rates with 95 % intervals, time to the decision, and business values by currency. Intervals are over sessions.',
    needs: ['read', 'label'],
    query: behaviourQuerySchema,
    answer: z.object({ items: z.array(behaviourSchema) }),
  },
  'feedback.import': {
    summary: 'Import a CSV file: request_id, and label, verdict, event (with value) or outcome',
    description:
      'UTF-8, up to 128 MiB. Rows are independent: invalid ones are reported, the others recorded. Importing the same file twice adds nothing.',
    needs: ['label'],
    body: 'text/csv',
    bodyLimitBytes: 128 * 1024 * 1024,
    answer: importedFeedbackSchema,
    errors: ['FEEDBACK_CSV_INVALID'],
  },
  'feedback.link': {
    summary: 'Create a signed link to a feedback page for one photo, or to its diagnosis; it needs no key',
    description:
      'The page shows the photo, if it was kept, and the prediction, in English or Japanese. Send the link to someone who can judge the photo. With `ask: nothing` the page shows the photo, the prediction and its heat map, and asks nothing; it ends when the photo is erased.',
    needs: ['predict', 'label'],
    body: makeLinkSchema,
    bodyLimitBytes: 30 * 1024 * 1024,
    status: 201,
    answer: feedbackLinkSchema,
    errors: ['FEEDBACK_REQUEST_UNKNOWN', 'FEEDBACK_PHOTO_OTHER', 'FEEDBACK_PHOTO_NEEDED'],
  },
  'feedback.unlink': {
    summary: 'Revoke one feedback link, or all of a prediction or an endpoint',
    description:
      'They are refused from the next request on. Links that are made later are valid. Those of an endpoint: only with permission `label`.',
    needs: ['predict', 'label'],
    body: revokeLinksSchema,
    answer: revokedLinksSchema,
    errors: ['FEEDBACK_LINK_INVALID', 'FEEDBACK_LINK_EXPIRED', 'FEEDBACK_REQUEST_UNKNOWN'],
  },
} satisfies Routes<RouteIn<'feedback'>>;

export const reviewRoutes = {
  'review.list': {
    summary: 'List photos to review, most valuable first',
    description:
      'Photos that a worker selected for labelling: a random sample, and those that are uncertain, contested, unlike the training photos or suspicious.',
    needs: ['label'],
    query: reviewQuerySchema,
    answer: z.object({
      items: z.array(reviewItemSchema),
      total: z.int().describe(`Photos in this state, whatever the limit; at most ${mostCounted} are counted`),
    }),
  },
  'review.next': {
    summary: 'Claim the most valuable photo for ten minutes; null if none is waiting',
    description:
      'Claims expire after ten minutes. Repeating the call returns the claimed photo. A labeller is not offered photos that they labelled. With `count`, `items` has as many, the first of which is `item`.',
    needs: ['label'],
    body: z
      .object({
        endpoint: z.string().max(64).optional(),
        count: z.int().min(1).max(5).default(1).describe('Photos to claim at once, to load the next ones early'),
      })
      .prefault({}),
    answer: z.object({ item: reviewItemSchema.nullable(), items: z.array(reviewItemSchema) }),
  },
  'review.label': {
    summary: 'Label a photo',
    description:
      'Records the label as feedback with source `queue`. Completes the item once as many labellers as the endpoint asks for labelled it.',
    needs: ['label'],
    params: byId,
    body: reviewLabelSchema,
    status: 201,
    answer: feedbackEntrySchema,
    errors: ['REVIEW_ITEM_UNKNOWN', 'FEEDBACK_LABEL_UNKNOWN', 'FEEDBACK_REQUEST_UNKNOWN'],
  },
  'review.skip': {
    summary: 'Skip a photo that nobody can label',
    description: 'It is not offered again.',
    needs: ['label'],
    params: byId,
    status: 204,
    answer: z.null(),
    errors: ['REVIEW_ITEM_UNKNOWN'],
  },
  'review.undo': {
    summary: 'Take back your label of a photo, or a skip: it waits again, for you first',
    description: 'The label is deleted, and the audit log says which one it was. Only your own, and only the newest.',
    needs: ['label'],
    params: byId,
    answer: reviewItemSchema,
    errors: ['REVIEW_ITEM_UNKNOWN', 'REVIEW_NOTHING_TO_UNDO'],
  },
  'review.fill': {
    summary:
      'Fill the review queue of an endpoint now, not at the end of the day; null if there were no new predictions',
    description:
      "A worker does this once a day. The budget is the endpoint's daily budget, pro rata for the period since the last fill, unless `budget` is given.",
    needs: ['operate'],
    body: z.object({ endpoint: z.string().max(64), budget: z.int().min(1).max(10_000).optional() }),
    answer: z.object({ fill: reviewFillSchema.nullable() }),
    errors: ['ENDPOINT_UNKNOWN'],
  },
  'review.disputes': {
    summary: 'List photos on which labellers disagree and that nobody decided, newest first',
    description:
      'Until a person decides, no label of them counts, and none is exported, unless the endpoint takes the majority. Photos that wait for another labeller are not listed.',
    needs: ['label'],
    query: disputesQuerySchema,
    answer: z.object({ items: z.array(disputeSchema) }),
  },
  'review.adjudicate': {
    summary: 'Decide what a photo shows',
    description:
      'Recorded as feedback with source `adjudication`: it counts before all labels, until the next decision.',
    needs: ['label'],
    params: byId,
    body: reviewLabelSchema,
    status: 201,
    answer: feedbackEntrySchema,
    errors: ['FEEDBACK_LABEL_UNKNOWN', 'FEEDBACK_REQUEST_UNKNOWN'],
  },
  'review.agreement': {
    summary: 'Get how far labellers agree on the predictions of a period, per endpoint',
    description:
      "Krippendorff's alpha (nominal) overall, per label and per pair of labellers, with 95 % intervals over photos. 1 = all agree, 0 = as by chance. Without public sources.",
    needs: ['read', 'label'],
    query: behaviourQuerySchema,
    answer: z.object({ items: z.array(agreementSchema) }),
    errors: ['SERVER_BUSY'],
  },
  'review.labellers': {
    summary: 'Get how often each labeller is right, where the label is known',
    description:
      'Known labels: adjudicated by somebody else, or of a golden photo that was predicted again. Per source, with 95 % intervals.',
    needs: ['label'],
    query: behaviourQuerySchema,
    answer: z.object({ items: z.array(labellerSchema) }),
  },
} satisfies Routes<RouteIn<'review'>>;
