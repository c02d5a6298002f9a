import { combine } from '../artifacts/model/combine.ts';
import type { Principal } from '../contracts/access.ts';
import type { PredictResponse, ServedExplanation } from '../contracts/served-prediction.ts';
import { isMitateError, MitateError, toMitateError } from '../errors/index.ts';
import type { Admission } from './admission/admission.ts';
import type { Answering } from './answering/answering.ts';
import { Deadline } from './answering/deadline.ts';
import { gridOf, type HeatMap } from './answering/heat-map.ts';
import type { RoutedRequest } from './answering/routed-request.ts';
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
  /** The answer that another process gave under the idempotency key. */
  recall: (request: ServiceRequest, use: Use) => Promise<PredictResponse | null>;
  metrics: Pick<Metrics, 'request'>;
  isReady: () => boolean;
}

/** Of an answer in memory: about 1 KB of JSON. */
const predictionBytes = 2_048;

type Explained = { prediction: ServedExplanation['prediction']; heat: HeatMap };

/** Entry of requests of every protocol: authorises, answers once per idempotency key, counts. */
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
    return this.#counted(request, (onRouted) => {
      const route = this.#route(request);
      const answering = this.#options.idempotency.once<PredictResponse>(
        request,
        { method: 'predict', endpoint: route.endpoint },
        ({ predictions }) => predictions.length * predictionBytes,
        (use) => this.#recall(request, route, use),
        () => this.#options.answering.predict(request, route, onRouted),
      );
      if (request.subject === undefined) return answering;
      return answering.then((answer) => ({ ...answer, combined: combine(answer.predictions, route.settings.abstain) }));
    });
  }

  async explain(request: ExplainRequest): ReturnType<Service['explain']> {
    const { prediction, heat } = await this.#counted<Explained>(request, (onRouted) => {
      const route = this.#route(request);
      const { answering, idempotency } = this.#options;
      return idempotency.once(
        request,
        { method: 'explain', endpoint: route.endpoint },
        ({ heat }) => predictionBytes + heat.map.byteLength,
        async (use) => {
          const [prediction] = (await this.#recall(request, route, use))?.predictions ?? [];
          // The log has the answer, not the map: that is computed again, without a second row.
          return prediction ? { prediction, heat: await answering.redraw(request, route) } : null;
        },
        () => answering.explain(request, route, onRouted),
      );
    });
    const { height, width, completenessError } = heat;
    return {
      prediction,
      grid: gridOf(heat),
      height,
      width,
      completenessError,
      // Not cached under the idempotency key: it holds the photo.
      overlay: () => this.#options.answering.overlay(request, heat),
    };
  }

  describe(project: string, endpoint: string | null): EndpointDescription {
    return describeRoute(readyRoute(this.#options.routes.find(project, endpoint)));
  }

  stable(project: string, endpoint: string): ReturnType<Service['stable']> {
    const { stable, settings } = readyRoute(this.#options.routes.find(project, endpoint));
    return { model: stable.model, settings };
  }

  allowsOrigin(origin: string, endpoint: string | null): boolean {
    for (const [, name, routed] of this.#options.routes.all()) {
      const { corsOrigins } = (routed.route ?? routed).settings;
      if ((endpoint === null || name === endpoint) && corsOrigins.includes(origin)) return true;
    }
    return false;
  }

  ready(project: string): string[] {
    return this.#options.routes.ready(project);
  }

  authorize(principal: Principal, endpoint: string | null): void {
    const mayPredict = principal.permissions.has('predict');
    const found = mayPredict || isPublic(this.#options.routes, principal.project, endpoint);
    // Without permission, existing and unknown endpoints look the same.
    if (!found && principal.kind === 'anonymous') throw new MitateError('ACCESS_KEY_MISSING', {});
    if (!found) throw new MitateError('ACCESS_DENIED', { who: principal.who, permission: 'predict' });
  }

  /** A slow lookup is bounded by the request's deadline. */
  #recall(request: ServiceRequest, route: Route, use: Use): Promise<PredictResponse | null> {
    return new Deadline(request, route).wait(() => this.#options.recall(request, use));
  }

  /** @throws ACCESS_*, ENDPOINT_* */
  #route({ principal, endpoint }: ServiceRequest): Route {
    this.authorize(principal, endpoint);
    return readyRoute(this.#options.routes.find(principal.project, endpoint));
  }

  /** Counts one request, whatever its outcome. */
  async #counted<T>(
    { arrivedAtMs, principal }: ServiceRequest,
    work: (onRouted: (routed: RoutedRequest) => void) => Promise<T>,
  ): Promise<T> {
    let sample: Omit<RequestSample, 'code' | 'seconds'> = {
      // a command on this machine may name any project
      project: principal.kind === 'local' ? '' : principal.project,
      endpoint: '',
      deployment: '',
      model: '',
      version: null,
      role: '',
    };
    let code = 200;
    try {
      return await work(({ route, deployed: { id, role, model } }) => {
        const { project, endpoint } = route;
        sample = { project, endpoint, deployment: id, model: model.name, version: model.version, role };
      });
    } catch (error) {
      code = toMitateError(error).status;
      throw error;
    } finally {
      this.#options.metrics.request({ ...sample, code, seconds: (performance.now() - arrivedAtMs) / 1000 });
    }
  }
}

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

/** What protocols report about an endpoint. */
function describeRoute({ endpoint, settings, stable, deployments }: Route): EndpointDescription {
  const { labels, task, labelSets, preprocess } = stable.model.signature;
  return {
    name: endpoint,
    versions: deployments.map(({ model, role, traffic }) => ({
      model: model.name,
      version: model.version,
      role,
      traffic,
      ready: true,
    })),
    labels,
    positive: task.kind === 'question' ? task.positive : null,
    negative: task.kind === 'question' ? task.negative : null,
    hasLabelSets: labelSets !== undefined,
    input: { width: preprocess.width, height: preprocess.height },
    isPublic: settings.public,
  };
}
