import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requireEndpoint } from '../../actions/endpoints/require-endpoint.ts';
import { fillQueue } from '../../actions/review/fill.ts';
import { keptPhoto, labelPhoto, nextPhoto, skipPhoto } from '../../actions/review/review.ts';
import { reviewLabelSchema, reviewQuerySchema } from '../../contracts/api/feedback.ts';
import { feedbackEntrySchema } from '../../contracts/loop/feedback.ts';
import { reviewFillSchema, reviewItemSchema } from '../../contracts/loop/review.ts';
import type { ApiContext } from '../context.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';

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
      config: { audit: null },
      schema: {
        tags,
        summary: 'The photo that is worth most; nobody else gets it for ten minutes',
        body: ofEndpoint.default({}),
        response: { 200: z.object({ item: reviewItemSchema.nullable() }) },
      },
    },
    async (request) => {
      const { endpoint } = request.body;
      return { item: await nextPhoto(storeOf(request), { ...byNow(request), endpoint }) };
    },
  );

  app.post(
    '/api/v1/review/:id/label',
    {
      onRequest,
      config: { audit: null },
      schema: {
        tags,
        summary: 'Say what the photo shows',
        params: byId,
        body: reviewLabelSchema,
        response: { 201: feedbackEntrySchema },
      },
    },
    async (request, reply) => {
      const by = byNow(request);
      const { entry, verdict } = await labelPhoto(storeOf(request), request.params.id, request.body, by);
      metrics.feedback({ endpoint: entry.endpoint, verdict });
      return await reply.code(201).send(entry);
    },
  );

  app.post(
    '/api/v1/review/:id/skip',
    {
      onRequest,
      config: { audit: null },
      schema: { tags, summary: 'Nobody can tell', params: byId, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await skipPhoto(storeOf(request), request.params.id, byNow(request));
      return await reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/review/fill',
    {
      onRequest: requires('operate'),
      config: { audit: null },
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
      const endpoint = await requireEndpoint(store, name);
      return { fill: await fillQueue(store, endpoint, { ...byNow(request), ...(budget !== undefined && { budget }) }) };
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

const byNow = (request: FastifyRequest) => ({ actor: actorOf(request), now: new Date() });
