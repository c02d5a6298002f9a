import type { Logger } from '../contracts/component.ts';
import type { RequestSink } from '../contracts/request-record.ts';
import type { InferencePool } from '../inference/inference-pool.ts';
import type { ServiceStore } from './deployments/service-store.ts';
import type { WarmGate } from './deployments/warm-gate.ts';
import type { Metrics } from './metrics.ts';
import type { Service } from './service.ts';

export interface ServiceOptions {
  /** Of any project: endpoints of all are served. */
  store: ServiceStore;
  pool: InferencePool;
  /** The journal. */
  sink: RequestSink;
  /** Counts each call of `predict` and `explain`, refused ones too. */
  metrics: Pick<Metrics, 'request' | 'prediction' | 'shadow' | 'watch'>;
  logger: Logger;
  /** Answers requests that name no endpoint. Default: the project's only one. */
  defaultEndpoint?: string | undefined;
  limits?: Partial<ServiceLimits>;
}

export interface ServiceLimits {
  /** Photos in the service at once, waiting or in work; beyond it QUEUE_FULL. Default 256. */
  maxPhotos: number;
  /** Longest predicted wait in the queue; beyond it QUEUE_FULL. Milliseconds. Default 1,000. */
  maxWaitMs: number;
  /** Of loaded models, in all processes together; beyond it the least used are unloaded. Bytes. Default a quarter of the machine's memory. */
  memoryBudgetBytes: number;
  /** How often changes that others made to endpoints are looked for. Milliseconds. Default 250. */
  pollMs: number;
}

export interface RunningService extends Service, WarmGate {
  /** Takes up what changed in the store at once, instead of at the next poll: a change through this server shows in its next answer. */
  refresh(): Promise<void>;
  /** Refuses new photos; resolves once those in the service are answered and logged. */
  drain(): Promise<void>;
  /** Drains, and lets go of its models; pool, store and sink stay open. */
  close(): Promise<void>;
}
