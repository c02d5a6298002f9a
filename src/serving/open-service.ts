import type { Logger } from '../contracts/logger.ts';
import type { RequestSink } from '../contracts/request-record.ts';
import { MitateError, toMitateError } from '../errors/index.ts';
import type { InferencePool } from '../inference/inference-pool.ts';
import { createPredictionService } from './create-prediction-service.ts';
import { ModelCache } from './deployments/model-cache.ts';
import { modelSource } from './deployments/model-source.ts';
import { Reconciler } from './deployments/reconciler.ts';
import type { ServiceStore } from './deployments/service-store.ts';
import type { WarmGate } from './deployments/warm-gate.ts';
import type { Use } from './idempotency/idempotency.ts';
import { recallAnswer } from './idempotency/recall.ts';
import type { Metrics } from './metrics.ts';
import { Routes } from './router/routes.ts';
import type { Service, ServiceRequest } from './service.ts';
import { defaultLimits, type ServiceLimits } from './service-limits.ts';

export interface ServiceOptions {
  /** Of any project: endpoints of all are served. */
  store: ServiceStore;
  pool: InferencePool;
  /** The journal. */
  sink: RequestSink;
  /** Settles once the request log holds what was answered before this process: until then idempotency keys are not looked up. Default: it does. */
  replayed?: Promise<void> | undefined;
  /** Counts each call of `predict` and `explain`, refused ones too. */
  metrics: Pick<Metrics, 'request' | 'prediction' | 'shadow' | 'watch'>;
  logger: Logger;
  /** Answers requests that name no endpoint. Default: the project's only one. */
  defaultEndpoint?: string | undefined;
  limits?: Partial<ServiceLimits>;
}

export interface RunningService extends Service, WarmGate {
  /** Takes up what changed in the store at once, instead of at the next poll: a change through this server shows in its next answer. */
  refresh(): Promise<void>;
  /** Refuses new photos; resolves once those in the service are answered and logged. */
  drain(): Promise<void>;
  /** Drains, and lets go of its models; pool, store and sink stay open. */
  close(): Promise<void>;
}

/**
 * Serves what the store says is deployed: resolves once every deployment is warm or refused.
 * @throws DATABASE_*
 */
export async function openService(options: ServiceOptions): Promise<RunningService> {
  const { service, warm } = startService(options);
  await warm;
  return service;
}

/** The same, at once: until `warm`, which rejects with DATABASE_*, every request is told SERVICE_STARTING. */
export function startService(options: ServiceOptions): { service: RunningService; warm: Promise<void> } {
  const { store, pool, logger, metrics, defaultEndpoint } = options;
  const limits = { ...defaultLimits(), ...options.limits };
  const routes = new Routes(defaultEndpoint);
  const modelCache = new ModelCache({ pool, memoryBudgetBytes: limits.memoryBudgetBytes, logger });
  const recall = recallFrom(store, options.replayed);
  const {
    service: prediction,
    admission,
    readyModels,
    drain,
  } = createPredictionService({ ...options, modelCache, routes, recall, limits });
  const reconciler = new Reconciler({ store, modelCache, routes, pollMs: limits.pollMs, logger });
  metrics.watch({ queueDepth: () => admission.inside, readyModels });
  const warm = reconciler.start();
  const service = Object.assign(prediction, {
    prepare: warmGate(store, modelCache).prepare,
    refresh: () => reconciler.refresh(),
    drain,
    async close() {
      await drain();
      await reconciler.stop();
      modelCache.clear();
    },
  });
  return { service, warm };
}

function recallFrom(store: ServiceStore, replayed: Promise<void> | undefined) {
  // not every start is asked with a key: a failure is thrown to those that are
  replayed?.catch(() => {});
  return async ({ principal, idempotency }: ServiceRequest, use: Use) => {
    await replayed;
    const { requests } = store.forProject(principal.project);
    return recallAnswer(requests, principal.id, idempotency!.key, use);
  };
}

/** Of a server: what was prepared stays loaded for a minute, so that the change which follows finds it warm. */
function warmGate(store: ServiceStore, modelCache: ModelCache): WarmGate {
  return {
    async prepare(project, plan) {
      for (const { modelName, version } of plan) {
        try {
          await modelCache.load(await modelSource(store.forProject(project), project, modelName, version));
        } catch (error) {
          const model = `${modelName}@${version}`;
          throw new MitateError(
            'DEPLOYMENT_NOT_READY',
            { model, reason: toMitateError(error).message },
            { cause: error },
          );
        }
      }
    },
  };
}
