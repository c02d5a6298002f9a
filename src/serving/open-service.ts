import { callerOf } from '../contracts/access.ts';
import type { Logger } from '../contracts/logger.ts';
import type { RequestSink } from '../contracts/request-record.ts';
import { MitateError, toMitateError } from '../errors/index.ts';
import type { InferencePool } from '../inference/inference-pool.ts';
import { explainKept, type KeptExplanation, overlayKept } from './answering/explain-kept.ts';
import { createPredictionService } from './create-prediction-service.ts';
import type { Model } from './deployments/model.ts';
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
  /** Of any project: endpoints of all projects are served. */
  store: ServiceStore;
  pool: InferencePool;
  /** The journal. */
  sink: RequestSink;
  /** Settles once the request log holds all answers of earlier processes; idempotency lookups wait for it. Default: settled. */
  replayed?: Promise<void> | undefined;
  /** Counts each call of `predict` and `explain`, including refused ones. */
  metrics: Pick<Metrics, 'request' | 'prediction' | 'shadow' | 'watch'>;
  logger: Logger;
  /** For requests that name no endpoint. Default: the project's only endpoint. */
  defaultEndpoint?: string | undefined;
  limits?: Partial<ServiceLimits>;
}

export interface RunningService extends Service, WarmGate {
  /** Applies store changes now instead of at the next poll, so that a change made through this server shows in its next answer. */
  refresh(): Promise<void>;
  /** The heat map of a logged prediction's photo; the version need not be deployed. @see explainKept @throws DEPLOYMENT_NOT_READY */
  explainKept(
    of: { project: string; modelName: string; version: number },
    image: Uint8Array,
    options: { label: string | null; signal?: AbortSignal | undefined },
  ): Promise<KeptExplanation>;
  /** The same over the photo: PNG bytes. */
  overlayKept(...of: Parameters<RunningService['explainKept']>): Promise<Uint8Array>;
  /** A smaller upright JPEG, made while no prediction waits. @throws IMAGE_*, INFERENCE_* */
  thumbnail: InferencePool['thumbnail'];
  /** Refuses new photos; resolves once those in flight are answered and logged. */
  drain(): Promise<void>;
  /** Drains and unloads the models; pool, store and sink stay open. */
  close(): Promise<void>;
}

/**
 * Serves the deployments in the store. `warm` resolves once each is warm or refused, and rejects with DATABASE_*; until then requests get
 * SERVICE_STARTING.
 */
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
  metrics.watch({ queueDepth: () => admission.inside, readyModels, processesUp: () => pool.state.up });
  const warm = reconciler.start();
  const more: Omit<RunningService, keyof Service> = {
    prepare: warmGate(store, modelCache).prepare,
    explainKept: async ({ project, ...version }, ...photo) =>
      await explainKept({ pool, modelCache, admission }, await load(store, modelCache, project, version), ...photo),
    overlayKept: async ({ project, ...version }, ...photo) =>
      await overlayKept({ pool, modelCache, admission }, await load(store, modelCache, project, version), ...photo),
    refresh: () => reconciler.refresh(),
    thumbnail: pool.thumbnail.bind(pool),
    drain,
    async close() {
      await drain();
      await reconciler.stop();
      modelCache.clear();
    },
  };
  return { service: Object.assign(prediction, more), warm };
}

function recallFrom(store: ServiceStore, replayed: Promise<void> | undefined) {
  // A failure is thrown to requests with a key; without this it would also be an unhandled rejection.
  replayed?.catch(() => {});
  return async ({ principal, images }: ServiceRequest, use: Use) => {
    await replayed;
    const { requests } = store.forProject(principal.project);
    return recallAnswer(requests, callerOf(principal), use, images.length);
  };
}

/** Prepared models stay loaded for a minute, so that the change that follows finds them warm. */
function warmGate(store: ServiceStore, modelCache: ModelCache): WarmGate {
  return {
    async prepare(project, plan) {
      for (const each of plan) await load(store, modelCache, project, each);
    },
  };
}

/** @throws DEPLOYMENT_NOT_READY */
async function load(
  store: ServiceStore,
  modelCache: ModelCache,
  project: string,
  { modelName, version }: { modelName: string; version: number },
): Promise<Model> {
  try {
    return await modelCache.load(await modelSource(store.forProject(project), project, modelName, version));
  } catch (error) {
    const model = `${modelName}@${version}`;
    throw new MitateError('DEPLOYMENT_NOT_READY', { model, reason: toMitateError(error).message }, { cause: error });
  }
}
