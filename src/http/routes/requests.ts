import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { pageSchema } from '../../contracts/api/page.ts';
import { loggedRequestSchema, requestsQuerySchema } from '../../contracts/api/requests.ts';
import type { LoggedRequest } from '../../contracts/request-record.ts';
import { MitateError } from '../../errors/index.ts';
import type { RequestFilter } from '../../store/requests/contract.ts';
import type { ApiContext } from '../context.ts';
import { pageBelow } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { requires } from '../principal.ts';

const tags = ['requests'];
const onRequest = requires('read');
const byId = z.object({ id: z.uuid() });

export function requestRoutes(app: ZodApp, { storeOf }: ApiContext): void {
  app.get(
    '/api/v1/requests',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Answered photos, newest first',
        description: 'An answer is here a moment after it was sent: it goes through a journal on disk.',
        querystring: requestsQuerySchema,
        response: { 200: pageSchema(loggedRequestSchema) },
      },
    },
    async (request) => {
      const { requests } = storeOf(request);
      const filter = filterOf(request.query);
      return await pageBelow(
        request.query,
        async (page) => (await requests.listRequests({ ...filter, ...page })).map((row) => shownTo(request, row)),
        ({ key }) => key,
      );
    },
  );

  app.get(
    '/api/v1/requests/:id',
    {
      onRequest,
      schema: { tags, summary: 'One answered photo', params: byId, response: { 200: loggedRequestSchema } },
    },
    async (request) => {
      const { id } = request.params;
      const { requests, project } = storeOf(request);
      const found = await requests.getRequest(id);
      if (found === null) throw new MitateError('REQUEST_UNKNOWN', { id, project });
      return shownTo(request, found);
    },
  );
}

/** As in the answer itself, training photos are named to who operates endpoints alone. */
function shownTo({ principal }: FastifyRequest, row: LoggedRequest): LoggedRequest {
  const distribution = row.response?.outOfDistribution;
  if (!distribution || principal.permissions.has('operate')) return row;
  return { ...row, response: { ...row.response, outOfDistribution: { ...distribution, nearest: undefined } } };
}

function filterOf(query: z.output<typeof requestsQuerySchema>): RequestFilter {
  const { endpoint, from, to, role, label, imageSha256, requestId } = query;
  const given = Object.entries({ endpoint, role, label, imageSha256, httpRequestId: requestId });
  return {
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    ...(from && { from: new Date(from) }),
    ...(to && { to: new Date(to) }),
  };
}
