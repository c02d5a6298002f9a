import type { RequestSink } from '../contracts/request-record.ts';
import type { InferencePool } from '../inference/inference-pool.ts';
import { Admission } from './admission/admission.ts';
import { Answering } from './answering/answering.ts';
import { Shadows } from './answering/shadows.ts';
import type { ModelShelf } from './deployments/model-shelf.ts';
import { Idempotency } from './idempotency/idempotency.ts';
import type { Metrics } from './metrics.ts';
import { FrontDesk, type FrontDeskOptions } from './prediction-service.ts';
import type { Routes } from './router/routes.ts';
import type { ServiceLimits } from './service-limits.ts';

export interface DeskOptions {
  pool: InferencePool;
  sink: RequestSink;
  metrics: Pick<Metrics, 'request' | 'prediction' | 'shadow'>;
  shelf: ModelShelf;
  routes: Routes;
  recall: FrontDeskOptions['recall'];
  limits: ServiceLimits;
}

/** The parts that answer, put together: the same with a store behind them and without. */
export function openDesk(options: DeskOptions) {
  const { pool, sink, metrics, shelf, routes, recall, limits } = options;
  const admission = new Admission({ ...limits, processes: pool.state.processes });
  const shadows = new Shadows({ pool, shelf, sink, metrics });
  const answering = new Answering({ pool, shelf, admission, sink, metrics, shadows });
  const isReady = () =>
    pool.state.up > 0 && routes.isComplete && [...routes.all()].some(([, , { route }]) => route !== null);
  const desk = new FrontDesk({
    routes,
    admission,
    answering,
    idempotency: new Idempotency(),
    recall,
    metrics,
    isReady,
  });
  /** Refuses new photos, and waits for those inside. */
  const drain = async () => {
    await admission.drain();
    await shadows.stop();
  };
  const readyModels = () => [...routes.deployments()].filter(({ model }) => model.isLoaded).length;
  return { desk, admission, readyModels, drain };
}
