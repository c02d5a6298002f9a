import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import type { Service } from '../../serving/service.ts';

/** Name of the requested endpoint; null = the default one. */
export type EndpointOf = (request: FastifyRequest) => string | null;

/** When the headers of a request had arrived, in milliseconds of `performance.now()`. */
const arrivals = new WeakMap<FastifyRequest, number>();

export function arrivalOf(request: FastifyRequest): number {
  return arrivals.get(request) ?? performance.now();
}

/** Checks access to the endpoint before the body is read. @throws ACCESS_* */
export function mayPredict(service: Service, endpointOf: EndpointOf): onRequestHookHandler {
  return async (request) => service.authorize(request.principal, endpointOf(request));
}

/** Records the arrival; rejects a request before its body is read if the service is full. */
export function admits(service: Service): onRequestHookHandler {
  return async (request) => {
    arrivals.set(request, performance.now());
    service.admit();
  };
}
