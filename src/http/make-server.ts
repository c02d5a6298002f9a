import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import {
  closeAfterReading,
  connectionLimits,
  disconnectStalled,
  rejectLongBodies,
  rejectMalformed,
} from './plugins/bad-clients.ts';
import { handleErrors, httpError, sendError } from './plugins/errors.ts';
import { refuseUnstorableText } from './plugins/storable-text.ts';
import { refuseUnknownRoutes } from './plugins/unknown-routes.ts';
import { shapeBelow } from './protocols/error-shapes.ts';
import { photoBodyLimit } from './protocols/raw-bodies.ts';
import { requestId } from './request-id.ts';
import type { KeyPair } from './tls/key-pair.ts';

export interface ServerLimits {
  /** Idle time while waiting for the client. Milliseconds. Default 20,000. */
  stalledMs: number;
  /** From the first to the last byte of a request. Milliseconds. Default 120,000. */
  requestMs: number;
}

export const defaultServerLimits: ServerLimits = {
  stalledMs: connectionLimits.stalledMs,
  requestMs: connectionLimits.requestMs,
};

/**
 * A server without routes: rejects bad clients, sends errors in one shape.
 * @param options.trustedProxies addresses or networks whose `X-Forwarded-*` headers are believed
 * @param options.tls null = plain HTTP
 */
export function makeServer(
  logger: FastifyBaseLogger | undefined,
  limits: ServerLimits,
  { trustedProxies = [], tls = null }: { trustedProxies?: readonly string[]; tls?: KeyPair | null } = {},
): FastifyInstance {
  const serverOptions = {
    headersTimeout: Math.min(connectionLimits.headersMs, limits.requestMs),
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: connectionLimits.headersBytes,
  };
  const app = fastify({
    ...(logger && { loggerInstance: logger }),
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    // a line per request takes longer than its routing; predictions are in the request log
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1024 * 1024,
    genReqId: requestId,
    clientErrorHandler: rejectMalformed,
    frameworkErrors: (error, request, reply) =>
      void sendError(httpError(error, request), request, reply, shapeBelow(request.url)),
    requestTimeout: limits.requestMs,
    keepAliveTimeout: connectionLimits.keepAliveMs,
    forceCloseConnections: 'idle',
    // this server sends its own error while shutting down
    return503OnClosing: false,
    // typed for one or the other
    ...(tls
      ? { https: { ...serverOptions, ...tls, handshakeTimeout: connectionLimits.headersMs } }
      : { http: serverOptions }),
    routerOptions: { maxParamLength: 256 },
  }) as unknown as FastifyInstance;
  handleErrors(app);
  refuseUnknownRoutes(app);
  refuseUnstorableText(app);
  disconnectStalled(app.server, limits.stalledMs);
  rejectLongBodies(app.server, photoBodyLimit);
  closeAfterReading(app.server, Math.min(connectionLimits.lingerMs, limits.stalledMs));
  return app;
}
