import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { connectionLimits, cutStalled, refuseLongBodiesUnsent, refuseMalformed } from './plugins/bad-clients.ts';
import { answerErrors, httpError, sendError } from './plugins/errors.ts';
import { photoBodyLimit } from './protocols/raw-bodies.ts';
import { requestId } from './request-id.ts';

export interface ServerLimits {
  /** Without a byte read or written, while it is the client's turn. Milliseconds. Default 20,000. */
  stalledMs: number;
  /** From the first byte to the last of a request. Milliseconds. Default 120,000. */
  requestMs: number;
}

export const defaultServerLimits: ServerLimits = {
  stalledMs: connectionLimits.stalledMs,
  requestMs: connectionLimits.requestMs,
};

/** A server without routes: bad clients are cut, and errors have the one shape. */
export function makeServer(logger: FastifyBaseLogger | undefined, limits: ServerLimits): FastifyInstance {
  const app = fastify({
    ...(logger && { loggerInstance: logger }),
    // one line a request costs more than its routing; the log has every photo
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1024 * 1024,
    genReqId: requestId,
    clientErrorHandler: refuseMalformed,
    frameworkErrors: (error, request, reply) => void sendError(httpError(error, request), request, reply),
    requestTimeout: limits.requestMs,
    keepAliveTimeout: connectionLimits.keepAliveMs,
    forceCloseConnections: 'idle',
    // a server that shuts down says so itself, in the one shape
    return503OnClosing: false,
    http: {
      headersTimeout: Math.min(connectionLimits.headersMs, limits.requestMs),
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: connectionLimits.headersBytes,
    },
    routerOptions: { maxParamLength: 256 },
  }) as unknown as FastifyInstance;
  answerErrors(app);
  cutStalled(app.server, limits.stalledMs);
  refuseLongBodiesUnsent(app.server, photoBodyLimit);
  return app;
}
