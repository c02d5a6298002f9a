import type { JournalEntry, RequestSink } from '../../contracts/request-record.ts';
import type { PredictResponse, ServedPrediction } from '../../contracts/served-prediction.ts';
import { isMitateError, type MitateError, toMitateError } from '../../errors/index.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import type { PoolAnswer } from '../../inference/pool-answer.ts';
import type { Admission } from '../admission/admission.ts';
import type { ModelCache } from '../deployments/model-cache.ts';
import { photoToKeep } from '../log/photo-to-keep.ts';
import type { Metrics } from '../metrics.ts';
import { choose, type Deployed, pinned, type Route } from '../router/route.ts';
import type { ExplainRequest, ServiceRequest } from '../service.ts';
import { Deadline } from './deadline.ts';
import { type HeatMap, heatMap } from './heat-map.ts';
import { judgePhoto, servedPrediction } from './judge.ts';
import { predictionId } from './prediction-id.ts';
import { answeredRecord, failedRecord } from './record.ts';
import type { RoutedPhoto, RoutedRequest } from './routed-request.ts';
import type { Shadows } from './shadows.ts';
import { wantsEmbedding } from './wants-embedding.ts';

export interface AnsweringOptions {
  pool: InferencePool;
  modelCache: ModelCache;
  admission: Admission;
  sink: RequestSink;
  metrics: Pick<Metrics, 'prediction'>;
  shadows: Shadows;
}

interface AnsweredPhoto {
  photo: RoutedPhoto;
  prediction: ServedPrediction;
  entry: JournalEntry;
}

/** In photos: the answer, and about twice that for the heat map. */
export const explainCost = 3;
/** In photos: 10 ms for 256 px, 100 ms for a megapixel. */
export const overlayCost = 5;

/** From a routed request to an answer that is in the journal. */
export class Answering {
  #options: AnsweringOptions;

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  /** @param onRouted gets the deployment before inference */
  predict(request: ServiceRequest, route: Route, onRouted: (routed: RoutedRequest) => void): Promise<PredictResponse> {
    return this.#inside(request, route, request.images.length, onRouted, async (photos, deadline) => {
      const answered = await all(photos, (photo) => this.#predictPhoto(photo, deadline));
      await this.#logged(answered);
      const predictions = answered.map(({ prediction }) => prediction);
      return { requestId: request.requestId, endpoint: route.endpoint, predictions };
    });
  }

  /** Answer and heat map of the first photo. */
  explain(
    request: ExplainRequest,
    route: Route,
    onRouted: (routed: RoutedRequest) => void,
  ): Promise<{ prediction: ServedPrediction; heat: HeatMap }> {
    return this.#inside(request, route, explainCost, onRouted, async ([photo], deadline) => {
      const numbers = await this.#serve(photo, deadline);
      const heat = await this.#draw(photo, numbers, deadline, request.classLabel);
      const answered = this.#answered(photo, numbers, heat);
      await this.#logged([answered]);
      return { prediction: answered.prediction, heat };
    });
  }

  /** The heat map alone, for a photo whose answer is already logged. */
  redraw(request: ExplainRequest, route: Route): Promise<HeatMap> {
    return this.#inside(request, route, explainCost, null, async ([photo], deadline) =>
      this.#draw(photo, await this.#serve(photo, deadline), deadline, request.classLabel),
    );
  }

  /** PNG bytes: the heat map over the photo. */
  async overlay({ images, signal }: ExplainRequest, heat: HeatMap): Promise<Uint8Array> {
    const { modelCache, pool, admission } = this.#options;
    const { model } = heat;
    const [image] = images as [Uint8Array];
    admission.add(overlayCost);
    try {
      return await modelCache.use(model, null, () => pool.overlay(model.key, image, heat, { signal }));
    } finally {
      admission.leave(overlayCost);
    }
  }

  /** Admits a request and chooses its deployment; logs failures from then on. */
  async #inside<T>(
    request: ServiceRequest,
    route: Route,
    cost: number,
    onRouted: ((routed: RoutedRequest) => void) | null,
    work: (photos: [RoutedPhoto, ...RoutedPhoto[]], deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    const { admission } = this.#options;
    const deadline = new Deadline(request, route);
    const bytes = request.images.reduce((sum, { length }) => sum + length, 0);
    admission.enter(cost, bytes, deadline.leftMs('request'));
    try {
      const deployed = chosen(request, route);
      const routed = { request, route, deployed };
      onRouted?.(routed);
      const photos = request.images.map((image, instance) => ({
        ...routed,
        id: predictionId(request),
        instance,
        image,
      }));
      return await work(photos as [RoutedPhoto, ...RoutedPhoto[]], deadline).catch((error) =>
        this.#failed(photos, deadline.rephrase(toMitateError(error))),
      );
    } finally {
      admission.leave(cost, bytes);
    }
  }

  async #predictPhoto(photo: RoutedPhoto, deadline: Deadline): Promise<AnsweredPhoto> {
    return this.#answered(photo, await this.#serve(photo, deadline), null);
  }

  #serve(photo: RoutedPhoto, deadline: Deadline): Promise<PoolAnswer> {
    const { modelCache, pool } = this.#options;
    const { model } = photo.deployed;
    const embedding = wantsEmbedding(photo);
    return modelCache.use(model, deadline, () =>
      pool.serve(model.key, photo.image, { ...poolOptions(photo, deadline), embedding }),
    );
  }

  #draw(photo: RoutedPhoto, { probabilities }: PoolAnswer, deadline: Deadline, label?: string): Promise<HeatMap> {
    const { modelCache, pool } = this.#options;
    const { model } = photo.deployed;
    return modelCache.use(model, deadline, () =>
      heatMap(pool, model, photo.image, { ...poolOptions(photo, deadline), probabilities, label }),
    );
  }

  #answered(photo: RoutedPhoto, numbers: PoolAnswer, heat: HeatMap | null): AnsweredPhoto {
    const judged = judgePhoto(photo, numbers);
    const prediction = servedPrediction(photo, judged, numbers);
    const attention = heat?.attention ?? null;
    const { image, notKept } = photoToKeep(photo.route.settings.images, photo.id, photo.image, numbers.format);
    const record = answeredRecord(photo, { numbers, judged, response: prediction, shadowOf: null, attention, notKept });
    return { photo, prediction, entry: image ? { record, image } : { record } };
  }

  /** Answers may be sent once this resolves. @throws JOURNAL_FAILED */
  async #logged(answered: readonly AnsweredPhoto[]): Promise<void> {
    const { sink, metrics, shadows } = this.#options;
    await sink.append(answered.map(({ entry }) => entry));
    for (const { photo, prediction } of answered) {
      const { project, endpoint } = photo.route;
      metrics.prediction({ project, endpoint, label: prediction.label });
    }
    shadows.offer(answered);
  }

  /** A failure is logged too, unless the client disconnected or the journal failed. */
  async #failed(photos: readonly RoutedPhoto[], error: MitateError): Promise<never> {
    const unlogged = isMitateError(error, 'CANCELLED') || isMitateError(error, 'JOURNAL_FAILED');
    if (!unlogged) {
      const entries = photos.map((photo) => ({ record: failedRecord(photo, error) }));
      await this.#options.sink.append(entries).catch(() => {});
    }
    throw error;
  }
}

/** @throws ENDPOINT_VERSION_UNKNOWN */
function chosen({ version, assignmentKey, requestId }: ServiceRequest, route: Route): Deployed {
  return version === undefined ? choose(route, assignmentKey ?? requestId) : pinned(route, version);
}

function poolOptions(photo: RoutedPhoto, deadline: Deadline) {
  const subject = subjectOf(photo);
  return { subject, signal: photo.request.signal, deadlineMs: deadline.leftMs(subject) };
}

/** Names a photo in errors. */
function subjectOf({ request, instance }: RoutedPhoto): string {
  return request.images.length === 1 ? 'photo' : `photo ${instance + 1} of ${request.images.length}`;
}

/** Waits for all, then throws the first failure. */
async function all<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const outcomes = await Promise.allSettled(items.map(work));
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
