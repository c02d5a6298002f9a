import type { RequestSink } from '../../contracts/request-record.ts';
import type { ServedPrediction } from '../../contracts/served-prediction.ts';
import { type MitateError, toMitateError } from '../../errors/index.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import type { ModelCache } from '../deployments/model-cache.ts';
import type { Metrics } from '../metrics.ts';
import { shadowsOf } from '../router/route.ts';
import { judgePhoto } from './judge.ts';
import { predictionId } from './prediction-id.ts';
import { answeredRecord, failedRecord } from './record.ts';
import type { RoutedPhoto } from './routed-request.ts';
import { wantsEmbedding } from './wants-embedding.ts';

export interface ShadowsOptions {
  pool: InferencePool;
  modelCache: ModelCache;
  sink: RequestSink;
  metrics: Pick<Metrics, 'request' | 'shadow'>;
}

/** Photos that wait for an idle process; more are dropped, so that memory stays bounded. */
const maxWaiting = 64;
/** A shadow that found no idle process by then is dropped. */
const deadlineMs = 60_000;

/** Copies of answered photos for shadow deployments, run when nothing else is queued. Their answers are logged, not served. */
export class Shadows {
  #options: ShadowsOptions;
  #open = new Set<Promise<void>>();
  #stop = new AbortController();

  constructor(options: ShadowsOptions) {
    this.#options = options;
  }

  /** @param answered the photos of one request */
  offer(answered: readonly { photo: RoutedPhoto; prediction: ServedPrediction }[]): void {
    const [first] = answered;
    if (!first || first.photo.route.shadows.length === 0) return;
    const { route, request } = first.photo;
    for (const deployed of shadowsOf(route, request.assignmentKey ?? request.requestId))
      for (const { photo, prediction } of answered) {
        if (this.#open.size >= maxWaiting) return;
        const run = this.#run({ ...photo, deployed, id: predictionId(request) }, prediction);
        const done = run.catch(() => {}).finally(() => this.#open.delete(done));
        this.#open.add(done);
      }
  }

  /** Drops those that wait. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#open);
  }

  async #run(photo: RoutedPhoto, served: ServedPrediction): Promise<void> {
    const { sink, metrics } = this.#options;
    // Its own clock: the client has its answer already.
    const shadow = { ...photo, request: { ...photo.request, arrivedAtMs: performance.now() } };
    const { record, label } = await this.#record(shadow, served.id);
    if (record === null) return;
    await sink.append([{ record }]);
    const { project, endpoint } = record;
    metrics.request({
      project,
      endpoint,
      deployment: record.deployedModelId,
      model: record.modelName,
      version: record.modelVersion,
      role: 'shadow',
      code: record.status,
      seconds: record.latencyMs / 1000,
    });
    if (label !== null) metrics.shadow({ project, endpoint, agrees: label === (served.leaning ?? served.label) });
  }

  async #record(photo: RoutedPhoto, shadowOf: string) {
    const { pool, modelCache } = this.#options;
    const { model } = photo.deployed;
    const options = { background: true, deadlineMs, signal: this.#stop.signal, embedding: wantsEmbedding(photo) };
    try {
      const numbers = await modelCache.use(model, null, () => pool.serve(model.key, photo.image, options));
      const judged = judgePhoto(photo, numbers);
      const record = answeredRecord(photo, { numbers, judged, response: null, shadowOf, attention: null });
      return { record, label: judged.prediction.label };
    } catch (thrown) {
      const error = toMitateError(thrown);
      return { record: isDropped(error) ? null : failedRecord(photo, error, shadowOf), label: null };
    }
  }
}

/** It never reached a process, which tells nothing about the version. One that hangs in its process has a shorter deadline. */
function isDropped({ code, details }: MitateError): boolean {
  return code === 'CANCELLED' || (code === 'INFERENCE_DEADLINE_EXCEEDED' && details.deadlineMs === deadlineMs);
}
