import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import type { Service } from '../../serving/service.ts';

/** Name of the endpoint that a request is for; null = the default one. */
export type EndpointOf = (request: FastifyRequest) => string | null;

/** Milliseconds of `performance.now()`, when a request's headers had arrived. */
const arrivals = new WeakMap<FastifyRequest, number>();

export function arrivalOf(request: FastifyRequest): number {
  return arrivals.get(request) ?? performance.now();
}

/** Guards a route that asks an endpoint, before its body is read. @throws ACCESS_* */
export function mayAsk(service: Service, endpointOf: EndpointOf): onRequestHookHandler {
  return async (request) => service.authorize(request.principal, endpointOf(request));
}

/** Notes the arrival, and turns a request away before its body is read when the service is full. */
export function admits(service: Service): onRequestHookHandler {
  return async (request) => {
    arrivals.set(request, performance.now());
    service.admit();
  };
}
