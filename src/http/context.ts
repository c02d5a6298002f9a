import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify';
import type { Config } from '../config/index.ts';
import type { Logger } from '../contracts/logger.ts';
import { lazyQueue } from '../orchestrator/queue/lazy-queue.ts';
import type { RunQueue } from '../orchestrator/queue/run-queue.ts';
import type { Metrics } from '../serving/metrics.ts';
import type { RunningService } from '../serving/open-service.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { SignInLinks } from './access/sign-in-links.ts';
import type { VerifiedKeys } from './access/verified-keys.ts';
import type { VerifiedSessions } from './access/verified-sessions.ts';
import type { AccessMode } from './plugins/authenticate.ts';

/** What handlers of the management API may use. Not the local token, not another project's store. */
export interface ApiContext {
  config: Config;
  service: Pick<
    RunningService,
    'authorize' | 'describe' | 'stable' | 'prepare' | 'refresh' | 'explainKept' | 'thumbnail'
  >;
  /** Of the request journal: what the database does not have yet; null = there is no journal. */
  backlog: () => { records: number; bytes: number } | null;
  metrics: Pick<Metrics, 'feedback'>;
  access: AccessMode;
  keys: Pick<VerifiedKeys, 'forget' | 'lookUp'>;
  sessions: Pick<VerifiedSessions, 'forget' | 'forgetUser' | 'remember' | 'isKnown' | 'now'>;
  signInLinks: Pick<SignInLinks, 'use'>;
  logger: Logger;
  /** Scoped to the project of the request: ids of other projects are not found. */
  storeOf(request: FastifyRequest): OpenStore;
  /** One queue for runs of all projects; the first call opens it. */
  runQueue(): Promise<RunQueue>;
}

export interface ContextParts extends Omit<ApiContext, 'storeOf' | 'runQueue' | 'logger'> {
  store: OpenStore;
}

/** Closes the queue with `app`. */
export function apiContext(app: FastifyInstance, parts: ContextParts): ApiContext {
  const { store, ...shared } = parts;
  const logger = asLogger(app.log);
  const stores = new Map([[store.project, store]]);
  const queue = lazyQueue(store, logger);
  app.addHook('onClose', async () => await queue[Symbol.asyncDispose]());
  return {
    ...shared,
    logger,
    runQueue: queue.get,
    storeOf({ principal: { project } }) {
      const found = stores.get(project) ?? store.forProject(project);
      // --no-auth accepts any project name: bounds the cache
      if (stores.size < 1_000) stores.set(project, found);
      return found;
    },
  };
}

/** A pino logger takes the fields first. */
export function asLogger(log: FastifyBaseLogger): Logger {
  return {
    debug: (message, fields = {}) => log.debug(fields, message),
    info: (message, fields = {}) => log.info(fields, message),
    warn: (message, fields = {}) => log.warn(fields, message),
    error: (message, fields = {}) => log.error(fields, message),
  };
}
