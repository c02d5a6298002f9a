import type { Principal } from '../contracts/access.ts';
import type { PredictResponse, ServedExplanation } from '../contracts/served-prediction.ts';
import { isMitateError, MitateError, toMitateError } from '../errors/index.ts';
import type { Admission } from './admission/admission.ts';
import type { Answering } from './answering/answering.ts';
import type { Asked } from './answering/asked.ts';
import { Deadline } from './answering/deadline.ts';
import type { HeatMap } from './answering/heat-map.ts';
import { describeRoute } from './describe.ts';
import type { Idempotency, Use } from './idempotency/idempotency.ts';
import type { Metrics, RequestSample } from './metrics.ts';
import type { Route } from './router/route.ts';
import type { Routed, Routes } from './router/routes.ts';
import type { EndpointDescription, ExplainRequest, Service, ServiceRequest } from './service.ts';

export interface PredictionServiceOptions {
  routes: Routes;
  admission: Admission;
  answering: Answering;
  idempotency: Idempotency;
  /** What an idempotency key was answered before this process. */
  recall: (request: ServiceRequest, use: Use) => Promise<PredictResponse | null>;
  metrics: Pick<Metrics, 'request'>;
  isReady: () => boolean;
}

type Explained = { prediction: ServedExplanation['prediction']; heat: HeatMap };

/** Where requests of every protocol come in: who may ask what, once per key, counted. */
export class PredictionService implements Service {
  #options: PredictionServiceOptions;

  constructor(options: PredictionServiceOptions) {
    this.#options = options;
  }

  get isReady(): boolean {
    return !this.#options.admission.isDraining && this.#options.isReady();
  }

  admit(): void {
    this.#options.admission.check();
  }

  predict(request: ServiceRequest): Promise<PredictResponse> {
    return this.#counted(request, (onChosen) => {
      const route = this.#route(request);
      return this.#options.idempotency.once(
        request,
        { method: 'predict', endpoint: route.endpoint },
        (use) => this.#recall(request, route, use),
        () => this.#options.answering.predict(request, route, onChosen),
      );
    });
  }

  async explain(request: ExplainRequest): ReturnType<Service['explain']> {
    const { prediction, heat } = await this.#counted<Explained>(request, (onChosen) => {
      const route = this.#route(request);
      const { answering, idempotency } = this.#options;
      return idempotency.once(
        request,
        { method: 'explain', endpoint: route.endpoint },
        async (use) => {
          const before = await this.#recall(request, route, use);
          // the row has the answer, not the map: that is drawn again, and logged no second time
          return before && { prediction: before.predictions[0]!, heat: await answering.redraw(request, route) };
        },
        () => answering.explain(request, route, onChosen),
      );
    });
    const { height, width, completenessError } = heat;
    return {
      prediction,
      grid: gridOf(heat),
      height,
      width,
      completenessError,
      // not kept with the answer of an idempotency key: it holds the photo
      overlay: () => this.#options.answering.overlay(request, heat),
    };
  }

  describe(project: string, endpoint: string | null): EndpointDescription {
    return describeRoute(readyRoute(this.#options.routes.find(project, endpoint)));
  }

  ready(project: string): string[] {
    return this.#options.routes.ready(project);
  }

  authorize(principal: Principal, endpoint: string | null): void {
    const mayPredict = principal.permissions.has('predict');
    const found = mayPredict || isPublic(this.#options.routes, principal.project, endpoint);
    // who may not ask does not learn which endpoints there are
    if (!found && principal.kind === 'anonymous') throw new MitateError('ACCESS_KEY_MISSING', {});
    if (!found) throw new MitateError('ACCESS_DENIED', { who: principal.who, permission: 'predict' });
  }

  /** A log that is slow to look up takes no more than the request has. */
  #recall(request: ServiceRequest, route: Route, use: Use): Promise<PredictResponse | null> {
    return new Deadline(request, route).wait(() => this.#options.recall(request, use));
  }

  /** @throws ACCESS_*, ENDPOINT_* */
  #route({ principal, endpoint }: ServiceRequest): Route {
    this.authorize(principal, endpoint);
    return readyRoute(this.#options.routes.find(principal.project, endpoint));
  }

  /** One request in the metrics, whatever became of it. */
  async #counted<T>(
    { arrivedAtMs }: ServiceRequest,
    work: (onChosen: (asked: Asked) => void) => Promise<T>,
  ): Promise<T> {
    let sample: Omit<RequestSample, 'code' | 'seconds'> = {
      endpoint: '',
      deployment: '',
      model: '',
      version: null,
      role: '',
    };
    let code = 200;
    try {
      return await work(({ route, deployed: { id, role, model } }) => {
        sample = { endpoint: route.endpoint, deployment: id, model: model.name, version: model.version, role };
      });
    } catch (error) {
      code = toMitateError(error).status;
      throw error;
    } finally {
      this.#options.metrics.request({ ...sample, code, seconds: (performance.now() - arrivedAtMs) / 1000 });
    }
  }
}

/** @throws ENDPOINT_NOT_READY */
function readyRoute(routed: Routed): Route {
  if (routed.route) return routed.route;
  throw new MitateError('ENDPOINT_NOT_READY', { endpoint: routed.endpoint, reason: routed.reason });
}

function isPublic(routes: Routes, project: string, endpoint: string | null): boolean {
  try {
    const routed = routes.find(project, endpoint);
    return (routed.route ?? routed).settings.public;
  } catch (error) {
    if (isMitateError(error, 'SERVICE_STARTING')) throw error;
    return false;
  }
}

/** [height][width], 5 digits: a JSON of 7 KB instead of 16 for 28 x 28. */
function gridOf({ map, height, width }: HeatMap): number[][] {
  return Array.from({ length: height }, (_, y) =>
    Array.from(map.subarray(y * width, (y + 1) * width), (value) => Number(value.toPrecision(5))),
  );
}
