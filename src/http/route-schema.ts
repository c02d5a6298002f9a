import { z } from 'zod';
import { paths, type RouteId } from '../contracts/api/paths.ts';
import type { Route } from '../contracts/api/route.ts';
import { routes } from '../contracts/api/routes.ts';
import { errorBodySchema } from '../contracts/served-prediction.ts';
import { catalogue, type ErrorCode } from '../errors/index.ts';

/** Groups of the OpenAPI document, where they are not the first part of a route's id. */
const tags: Partial<Record<string, string>> = {
  artifacts: 'lineage',
  audit: 'access',
  channels: 'alerts',
  keys: 'access',
  me: 'access',
  projects: 'access',
  queue: 'runs',
  'requests.photo': 'review',
  sessions: 'access',
  users: 'access',
};

/** Of every route that looks at who asks: also where no key is needed, when a wrong one is sent. */
export const identityErrors = [
  'ACCESS_KEY_INVALID',
  'ACCESS_KEY_EXPIRED',
  'SESSION_ENDED',
  'ACCESS_NO_ROLE',
  'ACCESS_CROSS_SITE',
  'HTTP_REQUEST_INVALID',
  'HTTP_RATE_LIMITED',
] as const;
export const accessErrors = [...identityErrors, 'ACCESS_KEY_MISSING', 'ACCESS_DENIED'] as const;

/** Schema of a route for Fastify, which validates with it, and for the OpenAPI document. */
export function routeSchema(id: RouteId): object {
  const { summary, params, query, body, uploads, isOpen, deprecated, ...route }: Route = routes[id];
  const [group = id] = id.split('.');
  return {
    operationId: id,
    tags: [tags[id] ?? tags[group] ?? group],
    summary,
    description: describe(route),
    ...(isOpen && { security: [] }),
    ...(deprecated && { deprecated: true }),
    ...(params && { params }),
    ...(query && { querystring: query }),
    ...(uploads && { uploads }),
    ...(body === 'text/csv' ? { consumes: [body] } : body && { body }),
    response: { [route.status ?? 200]: answerOf(route), ...errorAnswers(errorsOf(id)) },
  };
}

function describe({ description = '', needs }: Pick<Route, 'description' | 'needs'>): string {
  const permission = needs && `Permission: ${needs.map((need) => `\`${need}\``).join(' or ')}.`;
  return [description, permission].filter(Boolean).join('\n\n');
}

function answerOf({ answer, csv }: Pick<Route, 'answer' | 'csv'>): object {
  if (csv) return { content: { 'application/json': { schema: answer }, 'text/csv': { schema: z.string() } } };
  if (answer instanceof z.ZodType) return answer;
  return { content: Object.fromEntries(answer.map((type) => [type, { schema: z.string() }])) };
}

/** With those that many routes have. */
function errorsOf(id: RouteId): ErrorCode[] {
  const { params, query, body, needs, isOpen, errors = [] }: Route = routes[id];
  const isGuarded = needs !== undefined || isOpen === undefined;
  const isChange = !paths[id].startsWith('GET ');
  const hasCursor = query instanceof z.ZodObject && 'cursor' in query.shape;
  return [
    ...new Set<ErrorCode>([
      ...errors,
      ...(params || query || body ? (['REQUEST_TEXT_INVALID'] as const) : []),
      ...(params ? (['HTTP_ROUTE_UNKNOWN'] as const) : []),
      ...(hasCursor ? (['HTTP_CURSOR_INVALID'] as const) : []),
      ...(isChange ? changeErrors : []),
      ...(isChange && body !== 'text/csv' ? jsonErrors : []),
      ...(isGuarded ? accessErrors : identityErrors),
      'INTERNAL',
    ]),
  ];
}

/** A body that is there is read before the route looks whether it takes one. */
const changeErrors = [
  'HTTP_BODY_TYPE_UNKNOWN',
  'HTTP_BODY_TOO_LARGE',
  'DISK_FULL',
  'DISK_FAILED',
  'WORKSPACE_READ_ONLY',
] as const;
const jsonErrors = ['REQUEST_JSON_INVALID', 'REQUEST_JSON_TOO_COMPLEX', 'REQUEST_TEXT_INVALID'] as const;

/** By status. */
export function errorAnswers(codes: readonly ErrorCode[]): Record<number, z.ZodType> {
  const byStatus = Object.entries(Object.groupBy(codes, (code) => catalogue[code].status));
  return Object.fromEntries(
    byStatus.map(([status, same = []]) => [
      status,
      z.object({ error: errorBodySchema.shape.error.extend({ code: z.enum(same) }) }).describe(same.join(', ')),
    ]),
  );
}
