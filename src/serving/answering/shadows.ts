import { v7 as uuidv7 } from 'uuid';
import type { RequestSink } from '../../contracts/request-record.ts';
import type { ServedPrediction } from '../../contracts/served-prediction.ts';
import { type MitateError, toMitateError } from '../../errors/index.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import type { ModelCache } from '../deployments/model-cache.ts';
import type { Metrics } from '../metrics.ts';
import { shadowsOf } from '../router/route.ts';
import type { AskedPhoto } from './asked.ts';
import { judge } from './judge.ts';
import { answeredRecord, failedRecord } from './record.ts';
import { wantsEmbedding } from './wants-embedding.ts';

export interface ShadowsOptions {
  pool: InferencePool;
  modelCache: ModelCache;
  sink: RequestSink;
  metrics: Pick<Metrics, 'request' | 'shadow'>;
}

/** Photos that wait for a moment without other work; more are let go, so that memory stays flat. */
const maxWaiting = 64;
/** A shadow that found no such moment by then is let go. */
const deadlineMs = 60_000;

/** Copies of answered photos, for deployments that are only watched: they run when nothing else does, and never answer. */
export class Shadows {
  #options: ShadowsOptions;
  #open = new Set<Promise<void>>();
  #stop = new AbortController();

  constructor(options: ShadowsOptions) {
    this.#options = options;
  }

  offer(photos: readonly AskedPhoto[], answered: readonly { prediction: ServedPrediction }[]): void {
    const [{ route, request }] = photos as [AskedPhoto];
    if (route.shadows.length === 0) return;
    for (const deployed of shadowsOf(route, request.assignmentKey ?? request.requestId))
      photos.forEach((photo, i) => {
        if (this.#open.size >= maxWaiting) return;
        const run = this.#run({ ...photo, deployed, id: uuidv7() }, answered[i]!.prediction);
        const done = run.catch(() => {}).finally(() => this.#open.delete(done));
        this.#open.add(done);
      });
  }

  /** Lets go of those that wait. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#open);
  }

  async #run(photo: AskedPhoto, served: ServedPrediction): Promise<void> {
    const { sink, metrics } = this.#options;
    // its own clock: the client had its answer
    const shadow = { ...photo, request: { ...photo.request, arrivedAtMs: performance.now() } };
    const { record, label } = await this.#record(shadow, served.id);
    if (record === null) return;
    await sink.append([{ record }]);
    metrics.request({
      endpoint: record.endpoint,
      deployment: record.deployedModelId,
      model: record.modelName,
      version: record.modelVersion,
      role: 'shadow',
      code: record.status,
      seconds: record.latencyMs / 1000,
    });
    if (label !== null)
      metrics.shadow({ endpoint: record.endpoint, agrees: label === (served.leaning ?? served.label) });
  }

  async #record(photo: AskedPhoto, shadowOf: string) {
    const { pool, modelCache } = this.#options;
    const { model } = photo.deployed;
    const options = { background: true, deadlineMs, signal: this.#stop.signal, embedding: wantsEmbedding(photo) };
    try {
      const numbers = await modelCache.use(model, null, () => pool.serve(model.key, photo.image, options));
      const judged = judge(photo, numbers);
      const record = answeredRecord(photo, { numbers, judged, response: null, shadowOf, attention: null });
      return { record, label: judged.prediction.label };
    } catch (thrown) {
      const error = toMitateError(thrown);
      return { record: isLetGo(error) ? null : failedRecord(photo, error, shadowOf), label: null };
    }
  }
}

/** It came to no process: nothing is known of the version. One that hangs in its process is late after a shorter time. */
function isLetGo({ code, details }: MitateError): boolean {
  return code === 'CANCELLED' || (code === 'INFERENCE_DEADLINE_EXCEEDED' && details.deadlineMs === deadlineMs);
}
