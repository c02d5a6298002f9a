import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { addFeedback, type FeedbackInput } from '../../actions/feedback/add.ts';
import { makeFeedbackLink } from '../../actions/feedback/link.ts';
import {
  addedFeedbackSchema,
  addFeedbackSchema,
  delayQuerySchema,
  feedbackLinkSchema,
  feedbackQuerySchema,
  makeLinkSchema,
} from '../../contracts/api/feedback.ts';
import { pageSchema } from '../../contracts/api/page.ts';
import { feedbackEntrySchema, labelDelaySchema } from '../../contracts/loop/feedback.ts';
import type { ApiContext } from '../context.ts';
import { pageBelow } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';

const tags = ['feedback'];

/** What people say of answers. */
export function feedbackRoutes(app: ZodApp, { storeOf, metrics }: ApiContext): void {
  app.post(
    '/api/v1/feedback',
    {
      onRequest: requires('predict', 'label'),
      config: { audit: null },
      schema: {
        tags,
        summary: 'Say what photos show, whether answers were right, or what became of them',
        description: 'All or none. Late words count too; a later word corrects an earlier one, which stays as history.',
        body: addFeedbackSchema,
        response: { 201: addedFeedbackSchema },
      },
    },
    async (request, reply) => {
      const context = { actor: actorOf(request), source: request.body.source, now: new Date() };
      const added = await addFeedback(storeOf(request), inputsOf(request.body), context);
      for (const { entry, repeated, verdict } of added)
        if (!repeated) metrics.feedback({ endpoint: entry.endpoint, verdict });
      return await reply.code(201).send({ added: added.map(({ entry, repeated }) => ({ ...entry, repeated })) });
    },
  );

  app.get(
    '/api/v1/feedback',
    {
      onRequest: requires('read', 'label'),
      schema: {
        tags,
        summary: 'What was said, newest first; corrected words too',
        querystring: feedbackQuerySchema,
        response: { 200: pageSchema(feedbackEntrySchema) },
      },
    },
    async (request) => {
      const { limit: _limit, cursor: _cursor, ...asked } = request.query;
      const filter = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
      const { feedback } = storeOf(request);
      return await pageBelow(
        request.query,
        (page) => feedback.list({ ...filter, ...page }),
        ({ seq }) => seq,
      );
    },
  );

  app.get(
    '/api/v1/feedback/delay',
    {
      onRequest: requires('read', 'label'),
      schema: {
        tags,
        summary: 'How long labels took, of photos answered in that time',
        querystring: delayQuerySchema,
        response: { 200: labelDelaySchema },
      },
    },
    async (request: FastifyRequest & { query: z.output<typeof delayQuerySchema> }) => {
      const { endpoint, from, to } = request.query;
      return await storeOf(request).feedback.delay({
        ...(endpoint !== undefined && { endpoint }),
        ...(from && { from: new Date(from) }),
        ...(to && { to: new Date(to) }),
      });
    },
  );

  app.post(
    '/api/v1/feedback/links',
    {
      onRequest: requires('predict', 'label'),
      config: { audit: null },
      schema: {
        tags,
        summary: 'A signed link to say of one photo whether its answer was right, without a key',
        body: makeLinkSchema,
        response: { 201: feedbackLinkSchema },
      },
    },
    async (request, reply) => {
      const { id, days } = request.body;
      const link = await makeFeedbackLink(storeOf(request), id, { days, actor: actorOf(request), now: new Date() });
      return await reply.code(201).send(link);
    },
  );
}

function inputsOf({ feedback, idempotencyKey }: z.output<typeof addFeedbackSchema>): FeedbackInput[] {
  return feedback.map(({ id, requestId, instance, note, ...says }, i) => ({
    photo: id === undefined ? { requestId: requestId!, instance: instance ?? null } : { id },
    says,
    note,
    idempotencyKey: idempotencyKey === undefined ? null : `${idempotencyKey}/${i}`,
  }));
}
