import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import { MitateError } from '../../errors/index.ts';
import type { Service } from '../../serving/service.ts';

/** Name of the endpoint that a request is for; null = the default one. */
export type EndpointOf = (request: FastifyRequest) => string | null;

/** Milliseconds of `performance.now()`, when a request's headers had arrived. */
const arrivals = new WeakMap<FastifyRequest, number>();

export function arrivalOf(request: FastifyRequest): number {
  return arrivals.get(request) ?? performance.now();
}

/**
 * Guards a route that asks an endpoint: a key that may predict, or an endpoint that is public.
 * An endpoint that does not exist is not told from one that is not public.
 */
export function mayAsk(service: Service, endpointOf: EndpointOf): onRequestHookHandler {
  return async (request) => {
    const { permissions, kind, project, who } = request.principal;
    if (permissions.has('predict') || isPublic(service, project, endpointOf(request))) return;
    if (kind === 'anonymous') throw new MitateError('ACCESS_KEY_MISSING', {});
    throw new MitateError('ACCESS_DENIED', { who, permission: 'predict' });
  };
}

function isPublic(service: Service, project: string, endpoint: string | null): boolean {
  try {
    return service.describe(project, endpoint).isPublic;
  } catch {
    return false;
  }
}

/** Notes the arrival, and turns a request away before its body is read when the service is full. */
export function admits(service: Service): onRequestHookHandler {
  return async (request) => {
    arrivals.set(request, performance.now());
    service.admit();
  };
}
