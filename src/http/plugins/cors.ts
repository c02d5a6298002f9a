import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Service } from '../../serving/service.ts';

export interface CorsOptions {
  /** For every route. */
  origins: readonly string[];
  service: Pick<Service, 'allowsOrigin'>;
}

const exposed =
  'etag, link, deprecation, retry-after, inference-header-content-length, x-request-id, x-mitate-prediction-id, x-mitate-label, ' +
  'x-mitate-probability, x-mitate-positive-probability, x-mitate-threshold, x-mitate-probabilities, x-mitate-model';
const allowedHeaders =
  'authorization, content-type, content-encoding, idempotency-key, if-none-match, inference-header-content-length, traceparent, tracestate, ' +
  'x-api-key, x-mitate-attributes, x-mitate-key, x-mitate-project, x-mitate-subject, x-request-id';
const preflightSeconds = 600;

/** Paths of an endpoint, in every protocol that names it. */
const endpointPaths = [
  /^\/api\/v1\/endpoints\/([^/:]+):(?:predict|explain)$/,
  /^\/v1\/models\/([^/:]+)(?::predict|:explain)?$/,
  /^\/v1\/projects\/[^/]+\/locations\/[^/]+\/endpoints\/([^/:]+):(?:predict|explain)$/,
  /^\/v2\/models\/([^/]+)(?:\/|$)/,
];

/**
 * Cross-origin requests of browsers: only pages of listed origins may read responses, errors included. Without cookies: a page sends a key, or
 * none for a public endpoint.
 */
export function allowOrigins(app: FastifyInstance, { origins, service }: CorsOptions): void {
  const allows = (origin: string, path: string): boolean => {
    if (origins.includes(origin)) return true;
    // feedback on any endpoint's predictions
    if (path === '/api/v1/feedback') return service.allowsOrigin(origin, null);
    const name = endpointPaths.map((one) => one.exec(path)?.[1]).find((found) => found !== undefined);
    return name !== undefined && service.allowsOrigin(origin, name);
  };
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    if (origin === undefined) return done();
    reply.header('vary', 'origin');
    const [path = ''] = request.url.split('?', 1);
    if (!allows(origin, path)) return done();
    reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', exposed);
    const asked = request.headers['access-control-request-method'];
    if (request.method !== 'OPTIONS' || asked === undefined) return done();
    sendPreflight(reply);
  });
}

function sendPreflight(reply: FastifyReply): void {
  reply
    .code(204)
    .headers({
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': allowedHeaders,
      'access-control-max-age': String(preflightSeconds),
      vary: 'origin, access-control-request-method, access-control-request-headers',
    })
    .send();
}
