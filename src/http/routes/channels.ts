import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  createChannel,
  removeChannel,
  requireChannel,
  retryDeadLetters,
  testChannel,
} from '../../actions/alerts/channel.ts';
import { createChannelSchema, retriedSchema, retrySchema } from '../../contracts/api/alerts.ts';
import { okSchema, pageQuerySchema, pageSchema } from '../../contracts/api/page.ts';
import { deliverySchema, storedChannelSchema } from '../../contracts/loop/alert.ts';
import type { ApiContext } from '../context.ts';
import { pageOf } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';

const tags = ['alerts'];
const path = '/api/v1/channels/:name(^[^:/]+)';
const byName = z.object({ name: z.string().max(64) });

/** Where alerts are told. They send from this server, so only an admin says where to. */
export function channelRoutes(app: ZodApp, { storeOf, config }: ApiContext): void {
  app.get(
    '/api/v1/channels',
    {
      onRequest: requires('operate'),
      schema: {
        tags,
        summary: 'Channels that alerts are told on',
        querystring: pageQuerySchema,
        response: { 200: pageSchema(storedChannelSchema) },
      },
    },
    async (request) => pageOf(await storeOf(request).alerts.listChannels(), request.query, ({ name }) => name),
  );

  app.post(
    '/api/v1/channels',
    {
      onRequest: requires('admin'),
      config: { audit: null },
      schema: { tags, summary: 'Make a channel', body: createChannelSchema, response: { 201: storedChannelSchema } },
    },
    async (request, reply) => {
      const { name, definition } = request.body;
      const channel = await createChannel(storeOf(request), name, definition, verbOf(request));
      return await reply.code(201).send(channel);
    },
  );

  app.delete(
    path,
    {
      onRequest: requires('admin'),
      config: { audit: null },
      schema: {
        tags,
        summary: 'Remove a channel; what waits for it becomes a dead letter',
        params: byName,
        response: { 200: storedChannelSchema },
      },
    },
    async (request) => await removeChannel(storeOf(request), request.params.name, actorOf(request)),
  );

  app.post(
    `${path}::test`,
    {
      onRequest: requires('admin'),
      config: { audit: null },
      schema: { tags, summary: 'Send a test message at once', params: byName, response: { 200: okSchema } },
    },
    async (request) => {
      await testChannel(storeOf(request), request.params.name, { ...verbOf(request), channels: config.channels });
      return { ok: true as const };
    },
  );

  app.get(
    `${path}/dead`,
    {
      onRequest: requires('operate'),
      schema: {
        tags,
        summary: 'Messages that could not be delivered, newest first',
        params: byName,
        querystring: pageQuerySchema,
        response: { 200: pageSchema(deliverySchema) },
      },
    },
    async (request) => {
      const store = storeOf(request);
      const { name } = await requireChannel(store, request.params.name);
      const dead = await store.alerts.listDeliveries({ channel: name, state: 'dead', limit: 1_000 });
      return pageOf(dead, request.query, ({ id }) => id);
    },
  );

  app.post(
    `${path}::retry`,
    {
      onRequest: requires('operate'),
      config: { audit: null },
      schema: {
        tags,
        summary: 'Send dead letters again',
        params: byName,
        body: retrySchema,
        response: { 200: retriedSchema },
      },
    },
    async (request) => {
      const which = { channel: request.params.name, id: request.body.id };
      return { retried: await retryDeadLetters(storeOf(request), which, verbOf(request)) };
    },
  );
}

const verbOf = (request: FastifyRequest) => ({ actor: actorOf(request), now: new Date() });
