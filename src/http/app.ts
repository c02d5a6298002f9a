import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Config } from '../config/index.ts';
import { packageVersion } from '../config/package-version.ts';
import type { Metrics } from '../serving/metrics.ts';
import type { RunningService } from '../serving/open-service.ts';
import type { OpenStore } from '../store/open-store.ts';
import { networkOf } from './access/network-of.ts';
import { SignInLinks } from './access/sign-in-links.ts';
import { verifiedKeys } from './access/verified-keys.ts';
import { verifiedSessions } from './access/verified-sessions.ts';
import { type ApiContext, apiContext } from './context.ts';
import { watchDatabase } from './database-watch.ts';
import { defaultServerLimits, makeServer, type ServerLimits } from './make-server.ts';
import { managementApi } from './management-api.ts';
import { feedbackLinkRoutes } from './pages/feedback-links.ts';
import { shareLinkRoutes } from './pages/share-links.ts';
import { describeApi, documentRoutes } from './plugins/api-document.ts';
import { type AccessMode, authenticate } from './plugins/authenticate.ts';
import { consolePages, isConsoleBuilt } from './plugins/console.ts';
import { allowOrigins } from './plugins/cors.ts';
import { limitedPer, registerRateLimits } from './plugins/rate-limit.ts';
import { addResponseHeaders } from './plugins/response-headers.ts';
import { staticFiles } from './plugins/static-files.ts';
import { allowThisMachineOnly } from './plugins/this-machine-only.ts';
import { traceRequests } from './plugins/tracing.ts';
import { predictionApi } from './prediction-api.ts';
import { healthRoutes } from './routes/health.ts';
import { metricsRoutes } from './routes/metrics.ts';
import type { KeyPair } from './tls/key-pair.ts';

export interface AppOptions {
  config: Config;
  store: OpenStore;
  service: RunningService;
  metrics: Metrics;
  access: AccessMode;
  /** Authenticates the owner of the workspace; see `writeServerFile`. */
  localToken: string;
  logger?: FastifyBaseLogger | undefined;
  limits?: Partial<AppLimits> | undefined;
  /** Of the request journal: what the database does not have yet. */
  backlog?: (() => { records: number; bytes: number }) | undefined;
  /** Those that were printed. Default: none. */
  signInLinks?: SignInLinks | undefined;
  /** Folder of a page, served at `/`. */
  staticFolder?: string | undefined;
  /** Null = plain HTTP. */
  tls?: KeyPair | null | undefined;
}

export interface AppLimits extends ServerLimits {
  /** Per key or user, over all routes. Predictions are limited by the queue of the service long before. Default 60,000. */
  requestsAMinute: number;
}

/** The HTTP server of a workspace, not listening yet: use `inject` or `listen`. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const limits: AppLimits = { requestsAMinute: 60_000, ...defaultServerLimits, ...options.limits };
  const app = makeServer(options.logger, limits, {
    trustedProxies: options.config.trustedProxies,
    tls: options.tls ?? null,
  });
  if (options.config.tracing) traceRequests(app, options.config.tracing, packageVersion);
  if (options.access === 'open') allowThisMachineOnly(app);
  await addResponseHeaders(app);
  allowOrigins(app, { origins: options.config.corsOrigins, service: options.service });
  await registerRateLimits(app);
  await describeApi(app);
  await options.store.access.endLocalSessions();
  const database = watchDatabase(options.store);
  app.addHook('onClose', async () => database[Symbol.dispose]());
  options.metrics.watch({ isDatabaseUp: () => database.problem() === null });
  healthRoutes(app, { service: options.service, database });
  await app.register(documentRoutes);
  await app.register(feedbackLinkRoutes, options);
  await app.register(shareLinkRoutes, options);
  if (isConsoleBuilt()) await app.register(consolePages, { atRoot: options.staticFolder === undefined });
  if (options.staticFolder !== undefined) await app.register(staticFiles, { folder: options.staticFolder });
  await app.register(async (scope) => {
    const context = guard(scope, options, limits);
    metricsRoutes(scope, options.metrics);
    await scope.register(predictionApi, options);
    await scope.register(managementApi, context);
  });
  return app;
}

/** Authentication and rate limits. */
function guard(scope: FastifyInstance, options: AppOptions, limits: AppLimits): ApiContext {
  const { store, access, localToken, config, service, metrics, signInLinks = new SignInLinks() } = options;
  const keys = verifiedKeys(store.access);
  const sessions = verifiedSessions(store.access);
  authenticate(scope, { mode: access, localToken, keys, sessions });
  scope.addHook(
    'onRequest',
    limitedPer(scope, {
      max: limits.requestsAMinute,
      by: ({ principal, ip }) => (principal.kind === 'anonymous' ? networkOf(ip) : `${principal.kind}:${principal.id}`),
    }),
  );
  scope.addHook('onClose', async () => {
    for (const each of [keys, sessions]) {
      each[Symbol.dispose]();
      await each.flush();
    }
  });
  const backlog = () => options.backlog?.() ?? null;
  return apiContext(scope, { store, config, service, metrics, access, keys, sessions, signInLinks, backlog });
}
