import { v7 as uuidv7 } from 'uuid';
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
import type { Asked, AskedPhoto } from './asked.ts';
import { Deadline } from './deadline.ts';
import { type HeatMap, heatMap } from './heat-map.ts';
import { judge, servedPrediction } from './judge.ts';
import { answeredRecord, failedRecord } from './record.ts';
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
  prediction: ServedPrediction;
  entry: JournalEntry;
}

/** A heat map costs its photo's answer and about twice that again. */
const explainCost = 3;
/** 10 to 100 ms, for 256 px and for a megapixel. */
const overlayCost = 5;

/** From a routed request to an answer that is in the journal. */
export class Answering {
  #options: AnsweringOptions;

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  /** @param onChosen told the deployment, before it is asked */
  predict(request: ServiceRequest, route: Route, onChosen: (asked: Asked) => void): Promise<PredictResponse> {
    return this.#inside(request, route, request.images.length, onChosen, async (photos, deadline) => {
      const answered = await all(photos, (photo) => this.#predictPhoto(photo, deadline));
      await this.#logged(photos, answered);
      const predictions = answered.map(({ prediction }) => prediction);
      return { requestId: request.requestId, endpoint: route.endpoint, predictions };
    });
  }

  /** The first photo's answer and heat map. */
  explain(
    request: ExplainRequest,
    route: Route,
    onChosen: (asked: Asked) => void,
  ): Promise<{ prediction: ServedPrediction; heat: HeatMap }> {
    return this.#inside(request, route, explainCost, onChosen, async ([photo], deadline) => {
      const numbers = await this.#serve(photo!, deadline);
      const heat = await this.#draw(photo!, numbers, deadline, request.classLabel);
      const answered = this.#answered(photo!, numbers, heat);
      await this.#logged([photo!], [answered]);
      return { prediction: answered.prediction, heat };
    });
  }

  /** The heat map alone, of a photo whose answer is logged. */
  redraw(request: ExplainRequest, route: Route): Promise<HeatMap> {
    return this.#inside(request, route, explainCost, null, async ([photo], deadline) =>
      this.#draw(photo!, await this.#serve(photo!, deadline), deadline, request.classLabel),
    );
  }

  /** PNG bytes of the photo under its heat map. */
  async overlay({ images, signal }: ExplainRequest, heat: HeatMap): Promise<Uint8Array> {
    const { modelCache, pool, admission } = this.#options;
    const { model } = heat;
    admission.add(overlayCost);
    try {
      return await modelCache.use(model, null, () => pool.overlay(model.key, images[0]!, heat, { signal }));
    } finally {
      admission.leave(overlayCost);
    }
  }

  /** Takes a request in, chooses its deployment, and logs what fails from then on. */
  async #inside<T>(
    request: ServiceRequest,
    route: Route,
    cost: number,
    onChosen: ((asked: Asked) => void) | null,
    work: (photos: AskedPhoto[], deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    const { admission } = this.#options;
    const deadline = new Deadline(request, route);
    const bytes = request.images.reduce((sum, { length }) => sum + length, 0);
    admission.enter(cost, bytes, deadline.leftMs('request'));
    try {
      const deployed = chosen(request, route);
      const asked = { request, route, deployed };
      onChosen?.(asked);
      const photos = request.images.map((image, instance) => ({ ...asked, id: uuidv7(), instance, image }));
      return await work(photos, deadline).catch((error) =>
        this.#failed(photos, deadline.inItsTerms(toMitateError(error))),
      );
    } finally {
      admission.leave(cost, bytes);
    }
  }

  async #predictPhoto(photo: AskedPhoto, deadline: Deadline): Promise<AnsweredPhoto> {
    return this.#answered(photo, await this.#serve(photo, deadline), null);
  }

  #serve(photo: AskedPhoto, deadline: Deadline): Promise<PoolAnswer> {
    const { modelCache, pool } = this.#options;
    const { model } = photo.deployed;
    const embedding = wantsEmbedding(photo);
    return modelCache.use(model, deadline, () =>
      pool.serve(model.key, photo.image, { ...poolOptions(photo, deadline), embedding }),
    );
  }

  #draw(photo: AskedPhoto, { probabilities }: PoolAnswer, deadline: Deadline, label?: string): Promise<HeatMap> {
    const { modelCache, pool } = this.#options;
    const { model } = photo.deployed;
    return modelCache.use(model, deadline, () =>
      heatMap(pool, model, photo.image, { ...poolOptions(photo, deadline), probabilities, label }),
    );
  }

  #answered(photo: AskedPhoto, numbers: PoolAnswer, heat: HeatMap | null): AnsweredPhoto {
    const judged = judge(photo, numbers);
    const prediction = servedPrediction(photo, judged, numbers);
    const attention = heat?.attention ?? null;
    const record = answeredRecord(photo, { numbers, judged, response: prediction, shadowOf: null, attention });
    const image = photoToKeep(photo.route.settings.images, photo.id, photo.image, numbers.format);
    return { prediction, entry: image ? { record, image } : { record } };
  }

  /** Answers may be given once this resolves. @throws JOURNAL_FAILED */
  async #logged(photos: readonly AskedPhoto[], answered: readonly AnsweredPhoto[]): Promise<void> {
    const { sink, metrics, shadows } = this.#options;
    await sink.append(answered.map(({ entry }) => entry));
    for (const { prediction } of answered)
      metrics.prediction({ endpoint: photos[0]!.route.endpoint, label: prediction.label });
    shadows.offer(photos, answered);
  }

  /** A failure is a row too, unless the client went away or there is nowhere to write it. */
  async #failed(photos: readonly AskedPhoto[], error: MitateError): Promise<never> {
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

function poolOptions(photo: AskedPhoto, deadline: Deadline) {
  const subject = subjectOf(photo);
  return { subject, signal: photo.request.signal, deadlineMs: deadline.leftMs(subject) };
}

/** Names a photo in errors. */
function subjectOf({ request, instance }: AskedPhoto): string {
  return request.images.length === 1 ? 'photo' : `photo ${instance + 1} of ${request.images.length}`;
}

/** Waits for every photo, then throws what the first one that failed threw. */
async function all<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const outcomes = await Promise.allSettled(items.map(work));
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
