import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Config } from '../config/index.ts';
import { packageVersion } from '../config/package-version.ts';
import type { Metrics } from '../serving/metrics.ts';
import type { RunningService } from '../serving/open-service.ts';
import type { OpenStore } from '../store/open-store.ts';
import { verifiedKeys } from './access/verified-keys.ts';
import { verifiedSessions } from './access/verified-sessions.ts';
import { type ApiContext, apiContext } from './context.ts';
import { managementApi } from './management-api.ts';
import { describeApi, documentRoutes } from './plugins/api-document.ts';
import { authenticate } from './plugins/authenticate.ts';
import { connectionLimits, cutStalled, refuseLongBodiesUnsent, refuseMalformed } from './plugins/bad-clients.ts';
import { answerErrors } from './plugins/errors.ts';
import { limitedPer, registerRateLimits } from './plugins/rate-limit.ts';
import { addResponseHeaders } from './plugins/response-headers.ts';
import { answerThisMachineOnly } from './plugins/this-machine-only.ts';
import { traceRequests } from './plugins/tracing.ts';
import { predictionApi } from './prediction-api.ts';
import { photoBodyLimit } from './protocols/raw-bodies.ts';
import { requestId } from './request-id.ts';
import { healthRoutes } from './routes/health.ts';
import { metricsRoutes } from './routes/metrics.ts';

/** Who is let in. `open`: everyone, as `local`; for a server that only this machine reaches. */
export type AccessMode = 'keys' | 'open';

export interface AppOptions {
  config: Config;
  store: OpenStore;
  service: RunningService;
  metrics: Metrics;
  access: AccessMode;
  /** Stands for the workspace's owner; see `writeServerFile`. */
  localToken: string;
  logger?: FastifyBaseLogger | undefined;
  limits?: Partial<AppLimits> | undefined;
}

export interface AppLimits {
  /** Of one key or person, all routes together. Photos are bounded by the service's queue long before. Default 60,000. */
  requestsAMinute: number;
  /** Without a byte read or written, while it is the client's turn. Milliseconds. Default 20,000. */
  stalledMs: number;
  /** From the first byte to the last of a request. Milliseconds. Default 120,000. */
  requestMs: number;
}

/** The HTTP server of a workspace, not yet listening: `inject` and `listen` work on it. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const limits: AppLimits = {
    requestsAMinute: 60_000,
    stalledMs: connectionLimits.stalledMs,
    requestMs: connectionLimits.requestMs,
    ...options.limits,
  };
  const app = makeServer(options.logger, limits);
  if (options.config.tracing) traceRequests(app, options.config.tracing, packageVersion);
  if (options.access === 'open') answerThisMachineOnly(app);
  await addResponseHeaders(app);
  await registerRateLimits(app);
  await describeApi(app);
  healthRoutes(app, options.service);
  await app.register(documentRoutes);
  await app.register(async (scope) => {
    const context = guard(scope, options, limits);
    metricsRoutes(scope, options.metrics);
    await scope.register(predictionApi, options);
    await scope.register(managementApi, context);
  });
  return app;
}

function makeServer(logger: FastifyBaseLogger | undefined, limits: AppLimits): FastifyInstance {
  const app = fastify({
    ...(logger && { loggerInstance: logger }),
    // one line a request costs more than its routing; the log has every photo
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1024 * 1024,
    genReqId: requestId,
    clientErrorHandler: refuseMalformed,
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

/** Asks who it is, and counts. */
function guard(scope: FastifyInstance, options: AppOptions, limits: AppLimits): ApiContext {
  const { store, access, localToken } = options;
  const keys = verifiedKeys(store.access);
  const sessions = verifiedSessions(store.access);
  authenticate(scope, { mode: access, localToken, keys, sessions });
  scope.addHook(
    'onRequest',
    limitedPer(scope, {
      max: limits.requestsAMinute,
      by: ({ principal, ip }) => (principal.kind === 'anonymous' ? ip : `${principal.kind}:${principal.id}`),
    }),
  );
  scope.addHook('onClose', async () => {
    keys[Symbol.dispose]();
    await keys.flush();
  });
  return apiContext(options, keys, sessions);
}
