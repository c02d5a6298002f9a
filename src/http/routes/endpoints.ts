import { z } from 'zod';
import {
  createEndpoint,
  deploy,
  promote,
  removeEndpoint,
  rollback,
  setEndpoint,
  setTraffic,
  undeploy,
} from '../../actions/endpoints/endpoint.ts';
import {
  createEndpointSchema,
  deploySchema,
  promoteSchema,
  rollbackSchema,
  setEndpointSchema,
  trafficSchema,
  undeploySchema,
} from '../../contracts/api/endpoints.ts';
import { pageQuerySchema, pageSchema } from '../../contracts/api/page.ts';
import { endpointEventSchema, endpointSchema } from '../../contracts/endpoint.ts';
import { MitateError } from '../../errors/index.ts';
import type { ApiContext } from '../context.ts';
import { pageBelow, pageOf } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';
import { endpointPath, endpointVerb } from './endpoint-verbs.ts';

const tags = ['endpoints'];
const byName = z.object({ name: z.string().max(64) });
const answersEndpoint = { 200: endpointSchema };

/** Endpoints, their settings and timeline. */
export function endpointRoutes(app: ZodApp, context: ApiContext): void {
  const { storeOf, service } = context;

  app.get(
    '/api/v1/endpoints',
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'Endpoints with their deployments',
        querystring: pageQuerySchema,
        response: { 200: pageSchema(endpointSchema) },
      },
    },
    async (request) => pageOf(await storeOf(request).endpoints.listEndpoints(), request.query, ({ name }) => name),
  );

  app.get(
    endpointPath,
    {
      onRequest: requires('read'),
      schema: { tags, summary: 'An endpoint with its deployments', params: byName, response: answersEndpoint },
    },
    async (request) => {
      const { name } = request.params;
      const endpoint = await storeOf(request).endpoints.getEndpoint(name);
      if (endpoint === null) throw new MitateError('ENDPOINT_UNKNOWN', { endpoint: name });
      return endpoint;
    },
  );

  app.get(
    `${endpointPath}/timeline`,
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'What was done to an endpoint, by whom and why, newest first',
        params: byName,
        querystring: pageQuerySchema,
        response: { 200: pageSchema(endpointEventSchema) },
      },
    },
    async (request) => {
      const { endpoints } = storeOf(request);
      return await pageBelow(
        request.query,
        (page) => endpoints.endpointTimeline(request.params.name, page),
        ({ seq }) => seq,
      );
    },
  );

  app.post(
    '/api/v1/endpoints',
    {
      onRequest: requires('operate'),
      config: { audit: null },
      schema: { tags, summary: 'Make an endpoint', body: createEndpointSchema, response: { 201: endpointSchema } },
    },
    async (request, reply) => {
      const { name, displayName, settings, why } = request.body;
      const work = { store: storeOf(request), actor: actorOf(request), why };
      const made = await createEndpoint(work, name, { displayName, settings });
      await service.refresh();
      return await reply.code(201).send(made);
    },
  );

  app.patch(
    endpointPath,
    {
      onRequest: requires('operate'),
      config: { audit: null },
      schema: {
        tags,
        summary: 'Change settings; null puts one back to its default',
        params: byName,
        body: setEndpointSchema,
        response: answersEndpoint,
      },
    },
    async (request) => {
      const { settings, why } = request.body;
      const work = { store: storeOf(request), actor: actorOf(request), why };
      const changed = await setEndpoint(work, request.params.name, settings);
      await service.refresh();
      return changed;
    },
  );

  app.delete(
    endpointPath,
    {
      onRequest: requires('operate'),
      config: { audit: null },
      schema: {
        tags,
        summary: 'Delete an endpoint that answers nothing',
        params: byName,
        querystring: rollbackSchema,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { why } = request.query;
      const work = { store: storeOf(request), actor: actorOf(request), why };
      await removeEndpoint(work, request.params.name);
      await service.refresh();
      return await reply.code(204).send(null);
    },
  );

  endpointVerbs(app, context);
}

function endpointVerbs(app: ZodApp, context: ApiContext): void {
  endpointVerb(app, context, {
    verb: 'deploy',
    summary: 'Add a version, or change its role or share',
    needs: ['operate'],
    body: deploySchema,
    run: (work, name, { model, role, traffic, force }) => deploy(work, name, { model, role, traffic, force }),
  });

  endpointVerb(app, context, {
    verb: 'undeploy',
    summary: 'Take a version down; its share goes back to the stable one',
    needs: ['operate'],
    body: undeploySchema,
    run: (work, name, { model }) => undeploy(work, name, model),
  });

  endpointVerb(app, context, {
    verb: 'traffic',
    summary: 'Set shares in whole percent',
    needs: ['operate'],
    body: trafficSchema,
    run: (work, name, { traffic }) => setTraffic(work, name, traffic),
  });

  endpointVerb(app, context, {
    verb: 'promote',
    summary: 'Make a version the stable one and its model’s champion',
    needs: ['operate', 'approve'],
    body: promoteSchema,
    run: (work, name, { model, force }) => promote(work, name, { model, force }),
  });

  endpointVerb(app, context, {
    verb: 'rollback',
    summary: 'Take back the newest change of who answers',
    needs: ['operate', 'approve'],
    body: rollbackSchema,
    run: (work, name) => rollback(work, name),
  });
}
