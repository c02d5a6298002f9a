import type { RequestSink } from '../contracts/request-record.ts';
import type { InferencePool } from '../inference/inference-pool.ts';
import { Admission } from './admission/admission.ts';
import { Answering } from './answering/answering.ts';
import { Shadows } from './answering/shadows.ts';
import type { ModelCache } from './deployments/model-cache.ts';
import { Idempotency } from './idempotency/idempotency.ts';
import type { Metrics } from './metrics.ts';
import { PredictionService, type PredictionServiceOptions } from './prediction-service.ts';
import type { Routes } from './router/routes.ts';
import type { ServiceLimits } from './service-limits.ts';

export interface CreateOptions {
  pool: InferencePool;
  sink: RequestSink;
  metrics: Pick<Metrics, 'request' | 'prediction' | 'shadow'>;
  modelCache: ModelCache;
  routes: Routes;
  recall: PredictionServiceOptions['recall'];
  limits: ServiceLimits;
}

/** The prediction service and its parts, with or without a store. */
export function createPredictionService(options: CreateOptions) {
  const { pool, sink, metrics, modelCache, routes, recall, limits } = options;
  const admission = new Admission({ ...limits, processes: pool.state.processes });
  const shadows = new Shadows({ pool, modelCache, sink, metrics });
  const answering = new Answering({ pool, modelCache, admission, sink, metrics, shadows });
  const isReady = () =>
    pool.state.up > 0 && routes.isComplete && [...routes.all()].some(([, , { route }]) => route !== null);
  const service = new PredictionService({
    routes,
    admission,
    answering,
    idempotency: new Idempotency(),
    recall,
    metrics,
    isReady,
  });
  /** Refuses new photos and waits for those in flight. */
  const drain = async () => {
    await admission.drain();
    await shadows.stop();
  };
  const readyModels = () => [...routes.deployments()].filter(({ model }) => model.isLoaded).length;
  return { service, admission, readyModels, drain };
}
