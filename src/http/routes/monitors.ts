import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  createDefaults,
  createMonitor,
  listWatched,
  removeMonitor,
  setMonitor,
  showMonitor,
} from '../../actions/monitors/monitor.ts';
import {
  createMonitorSchema,
  defaultsOfSchema,
  monitorsQuerySchema,
  setMonitorSchema,
  watchedMonitorSchema,
} from '../../contracts/api/monitors.ts';
import { pageQuerySchema, pageSchema } from '../../contracts/api/page.ts';
import { monitorResultSchema, storedMonitorSchema } from '../../contracts/loop/monitor.ts';
import { runMonitorInChildProcess } from '../../worker/monitor-process.ts';
import type { ApiContext } from '../context.ts';
import { pageBelow, pageOf } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';

const tags = ['monitors'];
const byName = z.object({ name: z.string().max(128) });
const monitorPath = '/api/v1/monitors/:name(^[^:/]+)';

/** What watches the request log, and what it found. */
export function monitorRoutes(app: ZodApp, context: ApiContext): void {
  readingRoutes(app, context);
  changingRoutes(app, context);
}

function readingRoutes(app: ZodApp, { storeOf }: ApiContext): void {
  app.get(
    '/api/v1/monitors',
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'Monitors, each with its newest result',
        querystring: monitorsQuerySchema,
        response: { 200: pageSchema(watchedMonitorSchema) },
      },
    },
    async (request) => {
      const { endpoint } = request.query;
      const watched = await listWatched(storeOf(request), endpoint === undefined ? {} : { endpoint });
      return pageOf(watched, request.query, ({ monitor }) => monitor.name);
    },
  );

  app.get(
    monitorPath,
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'A monitor with its newest result',
        params: byName,
        response: { 200: watchedMonitorSchema },
      },
    },
    async (request) => {
      const { monitor, results } = await showMonitor(storeOf(request), request.params.name, 1);
      return { monitor, latest: results[0] ?? null };
    },
  );

  app.get(
    `${monitorPath}/results`,
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'What a monitor found, newest first',
        params: byName,
        querystring: pageQuerySchema,
        response: { 200: pageSchema(monitorResultSchema) },
      },
    },
    async (request) => {
      const { monitors } = storeOf(request);
      return await pageBelow(
        request.query,
        (page) => monitors.listResults({ monitor: request.params.name, ...page }),
        ({ seq }) => seq,
      );
    },
  );
}

function changingRoutes(app: ZodApp, { storeOf, config }: ApiContext): void {
  const onRequest = requires('operate');

  app.post(
    '/api/v1/monitors',
    {
      onRequest,
      config: { audit: null },
      schema: { tags, summary: 'Make a monitor', body: createMonitorSchema, response: { 201: storedMonitorSchema } },
    },
    async (request, reply) => {
      const made = await createMonitor(storeOf(request), request.body, changeOf(request));
      return await reply.code(201).send(made);
    },
  );

  app.post(
    '/api/v1/monitors:defaults',
    {
      onRequest,
      config: { audit: null },
      schema: {
        tags,
        summary: 'Bring back the monitors that an endpoint gets by itself',
        body: defaultsOfSchema,
        response: { 200: z.array(storedMonitorSchema) },
      },
    },
    async (request) => {
      return await createDefaults(storeOf(request), request.body.endpoint, changeOf(request));
    },
  );

  app.post(
    `${monitorPath}::run`,
    {
      onRequest,
      config: { audit: null },
      schema: {
        tags,
        summary: 'Judge the window that ends now, in a process of its own',
        params: byName,
        response: { 200: monitorResultSchema },
      },
    },
    async (request) => await runMonitorInChildProcess(config, storeOf(request), request.params.name, actorOf(request)),
  );

  app.patch(
    monitorPath,
    {
      onRequest,
      config: { audit: null },
      schema: {
        tags,
        summary: 'Switch a monitor on or off',
        params: byName,
        body: setMonitorSchema,
        response: { 200: storedMonitorSchema },
      },
    },
    async (request) => await setMonitor(storeOf(request), request.params.name, request.body, actorOf(request)),
  );

  app.delete(
    monitorPath,
    {
      onRequest,
      config: { audit: null },
      schema: { tags, summary: 'Remove a monitor; its results stay', params: byName, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await removeMonitor(storeOf(request), request.params.name, changeOf(request));
      return await reply.code(204).send(null);
    },
  );
}

const changeOf = (request: FastifyRequest) => ({ actor: actorOf(request), now: new Date() });
