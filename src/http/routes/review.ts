import { z } from 'zod';
import { fillQueue } from '../../actions/review/fill.ts';
import { keptPhoto, labelPhoto, nextPhoto, skipPhoto } from '../../actions/review/review.ts';
import {
  feedbackEntrySchema,
  reviewFillSchema,
  reviewItemSchema,
  reviewLabelSchema,
  reviewQuerySchema,
} from '../../contracts/api/feedback.ts';
import { MitateError } from '../../errors/index.ts';
import type { ApiContext } from '../context.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { requires } from '../principal.ts';

const tags = ['review queue'];
const onRequest = requires('label');
const byId = z.object({ id: z.uuid() });
const ofEndpoint = z.object({ endpoint: z.string().max(64).optional() });

/** Photos that wait for a label. */
export function reviewRoutes(app: ZodApp, { storeOf, metrics }: ApiContext): void {
  app.get(
    '/api/v1/review',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Photos that wait for a label, worth most first',
        querystring: reviewQuerySchema,
        response: { 200: z.object({ items: z.array(reviewItemSchema) }) },
      },
    },
    async (request) => {
      const { endpoint, state, limit } = request.query;
      const { review } = storeOf(request);
      return { items: await review.list({ ...(endpoint !== undefined && { endpoint }), state, limit }) };
    },
  );

  app.post(
    '/api/v1/review/next',
    {
      onRequest,
      config: { audit: 'review.claim' },
      schema: {
        tags,
        summary: 'The photo that is worth most; nobody else gets it for ten minutes',
        body: ofEndpoint.default({}),
        response: { 200: z.object({ item: reviewItemSchema.nullable() }) },
      },
    },
    async (request) => {
      const { who } = request.principal;
      const item = await nextPhoto(storeOf(request), { who, endpoint: request.body.endpoint, now: new Date() });
      request.changed = { subject: item?.request ?? 'none' };
      return { item };
    },
  );

  app.post(
    '/api/v1/review/:id/label',
    {
      onRequest,
      config: { audit: 'review.label' },
      schema: {
        tags,
        summary: 'Say what the photo shows',
        params: byId,
        body: reviewLabelSchema,
        response: { 201: feedbackEntrySchema },
      },
    },
    async (request, reply) => {
      const speaker = { who: request.principal.who, now: new Date() };
      const { entry, verdict } = await labelPhoto(storeOf(request), request.params.id, request.body, speaker);
      metrics.feedback({ endpoint: entry.endpoint, verdict });
      return await reply.code(201).send(entry);
    },
  );

  app.post(
    '/api/v1/review/:id/skip',
    {
      onRequest,
      config: { audit: 'review.skip' },
      schema: { tags, summary: 'Nobody can tell', params: byId, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await skipPhoto(storeOf(request), request.params.id, new Date());
      return await reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/review/fill',
    {
      onRequest: requires('operate'),
      config: { audit: 'review.fill' },
      schema: {
        tags,
        summary: 'Fill an endpoint’s queue now instead of with the next day; null = nothing came since the last time',
        body: z.object({ endpoint: z.string().max(64), budget: z.int().min(1).max(10_000).optional() }),
        response: { 200: z.object({ fill: reviewFillSchema.nullable() }) },
      },
    },
    async (request) => {
      const { endpoint: name, budget } = request.body;
      const store = storeOf(request);
      const endpoint = await store.endpoints.getEndpoint(name);
      if (endpoint === null) throw new MitateError('ENDPOINT_UNKNOWN', { endpoint: name });
      const fill = await fillQueue(store, endpoint, { now: new Date(), ...(budget !== undefined && { budget }) });
      request.changed = { subject: name, details: { drawn: fill?.drawn ?? 0, picked: fill?.picked ?? 0 } };
      return { fill };
    },
  );

  app.get(
    '/api/v1/requests/:id/photo',
    { onRequest, schema: { tags, summary: 'The photo, without metadata, when it is kept', params: byId } },
    async (request, reply) => {
      const { bytes, format } = await keptPhoto(storeOf(request), request.params.id);
      return await reply.type(`image/${format}`).header('cache-control', 'private, no-store').send(Buffer.from(bytes));
    },
  );
}
