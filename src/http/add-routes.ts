import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import type { z } from 'zod';
import type { Principal } from '../contracts/access.ts';
import type { Actor } from '../contracts/actor.ts';
import type { Page } from '../contracts/api/page.ts';
import type { RouteId } from '../contracts/api/paths.ts';
import type { Route } from '../contracts/api/route.ts';
import { type AllRoutes, routes } from '../contracts/api/routes.ts';
import type { OpenStore } from '../store/open-store.ts';
import { networkOf } from './access/network-of.ts';
import type { ApiContext } from './context.ts';
import { csvOf } from './csv-page.ts';
import { fastifyPath } from './fastify-path.ts';
import { pointsToSuccessor } from './plugins/deprecation.ts';
import { limitedPer } from './plugins/rate-limit.ts';
import { actorOf, requires } from './principal.ts';
import { routeSchema } from './route-schema.ts';

type Read<R, Part extends string> = R extends Record<Part, infer S extends z.ZodType> ? z.output<S> : undefined;

/** A validated request. */
export interface Call<R> {
  params: Read<R, 'params'>;
  query: Read<R, 'query'>;
  body: Read<R, 'body'>;
  /** Scoped to the request's project. */
  store: OpenStore;
  principal: Principal;
  actor: Actor;
  now: Date;
  request: FastifyRequest;
  reply: FastifyReply;
}

export interface FileAnswer {
  bytes: Uint8Array | string;
  type: string;
  headers: Record<string, string>;
}

/** A picture of photos: never cached. */
export const png = (bytes: Uint8Array): FileAnswer => ({
  bytes,
  type: 'image/png',
  headers: { 'cache-control': 'no-store' },
});

type Given<R> = R extends { answer: readonly ['text/event-stream'] }
  ? undefined
  : R extends { answer: infer S extends z.ZodType }
    ? S extends z.ZodNull
      ? unknown
      : z.input<S>
    : FileAnswer;

/** One per route; status, validation and permissions come from the table. */
export type Handlers<I extends RouteId> = { [K in I]: (call: Call<AllRoutes[K]>) => Promise<Given<AllRoutes[K]>> };

export function addRoutes<I extends RouteId>(app: FastifyInstance, context: ApiContext, handlers: Handlers<I>): void {
  for (const [id, handler] of Object.entries(handlers))
    addRoute(app, context, id as RouteId, handler as (call: Call<unknown>) => Promise<unknown>);
}

function addRoute(
  app: FastifyInstance,
  { storeOf }: ApiContext,
  id: RouteId,
  handler: (call: Call<unknown>) => Promise<unknown>,
): void {
  const route: Route = routes[id];
  app.route({
    ...fastifyPath(id),
    ...(route.bodyLimitBytes !== undefined && { bodyLimit: route.bodyLimitBytes }),
    config: { isOpen: route.isOpen ?? false },
    onRequest: guards(app, id, route),
    schema: routeSchema(id),
    ...(isStream(route) && { sse: 'only' as const }),
    handler: async (request, reply) => {
      const { params, query, body, principal } = request as {
        params: undefined;
        query: undefined;
        body: undefined;
      } & FastifyRequest;
      const call = {
        params,
        query,
        body,
        principal,
        store: storeOf(request),
        actor: actorOf(request),
        now: new Date(),
      };
      const given = await handler({ ...call, request, reply });
      // the handler sends, and goes on sending
      if (isStream(route)) return;
      if (route.csv && (query as { format?: string } | undefined)?.format === 'csv')
        return await reply.type('text/csv; charset=utf-8').send(csvOf((given as Page<object>).items, route.csv));
      if (isJson(route)) return await reply.code(route.status ?? 200).send(given ?? null);
      const { bytes, type, headers } = given as FileAnswer;
      return await reply
        .type(type)
        .headers(headers)
        .send(typeof bytes === 'string' ? bytes : Buffer.from(bytes));
    },
  });
}

const isStream = ({ answer }: Route) => Array.isArray(answer) && answer.includes('text/event-stream');
const isJson = ({ answer }: Route) => !Array.isArray(answer);

function guards(
  app: FastifyInstance,
  id: RouteId,
  { needs, limitPerMinute, deprecated }: Route,
): onRequestHookHandler[] {
  return [
    ...(limitPerMinute === undefined
      ? []
      : [limitedPer(app, { max: limitPerMinute, by: ({ ip }) => `${id}:${networkOf(ip)}` })]),
    ...(deprecated === undefined ? [] : [pointsToSuccessor(deprecated)]),
    ...(needs === undefined ? [] : [requires(...needs)]),
  ];
}
