import { resolve } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import type { ContainerConfig } from '../config/container.ts';
import type { Logger } from '../contracts/logger.ts';
import type { RequestSink } from '../contracts/request-record.ts';
import { InferencePool, servingPool } from '../inference/inference-pool.ts';
import { openContainerService } from '../serving/container-service.ts';
import { createMetrics } from '../serving/metrics.ts';
import { closeApp, listen } from './listen.ts';
import { defaultServerLimits, makeServer } from './make-server.ts';
import { containerRoutes } from './routes/container.ts';

export interface ContainerServerOptions {
  host: string;
  /** 0 = any free one. */
  port: number;
  /** Inference processes, >= 1. */
  processes: number;
  sink: RequestSink;
  logger: Logger;
  /** For the HTTP server. Default: none. */
  requestLogger?: FastifyBaseLogger | undefined;
}

export interface RunningContainer {
  /** `http://host:port`. */
  readonly url: string;
  /** Refuses new requests, completes in-flight ones, closes everything. */
  close(): Promise<void>;
}

/**
 * Serves one model without a workspace: predict and health routes only, no keys. Resolves when the model is warm.
 * @throws MODEL_*, INFERENCE_*, SERVER_ADDRESS_TAKEN
 */
export async function startContainer(
  config: ContainerConfig,
  options: ContainerServerOptions,
): Promise<RunningContainer> {
  const { sink, logger, requestLogger, host, port, processes } = options;
  const { healthRoute, predictRoute } = config;
  await using opened = new AsyncDisposableStack();
  const pool = opened.use(await InferencePool.open({ processes, logger, ...servingPool }));
  const service = await openContainerService({
    ...named(config),
    modelUri: resolve(config.model),
    pool,
    sink,
    logger,
    metrics: createMetrics(),
  });
  opened.defer(() => service.close());
  const app = makeServer(requestLogger, defaultServerLimits);
  opened.defer(() => closeApp(app));
  await app.register(containerRoutes, { service, healthRoute, predictRoute });
  const url = await listen(app, { host, port });
  const rest = opened.move();
  return { url, close: () => service.drain().then(() => rest.disposeAsync()) };
}

function named({ modelName, endpoint, deployedModelId }: ContainerConfig) {
  return {
    ...(modelName !== null && { modelName }),
    ...(endpoint !== null && { endpoint }),
    ...(deployedModelId !== null && { deployedModelId }),
  };
}
