import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Service } from '../serving/service.ts';
import type { Metrics } from '../serving/metrics.ts';
import type { OpenStore } from '../store/open-store.ts';

/** Who is let in. `open`: everyone, as `local`; for a server that only this machine reaches. */
export type AccessMode = 'keys' | 'open';

export interface AppOptions {
  store: OpenStore;
  service: Service;
  metrics: Metrics;
  access: AccessMode;
  logger?: FastifyBaseLogger | undefined;
}

/** The HTTP server of a workspace, not yet listening: `inject` and `listen` work on it. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const app = fastify(options.logger ? { loggerInstance: options.logger } : {});
  return app;
}
