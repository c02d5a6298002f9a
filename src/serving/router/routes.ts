import { MitateError } from '../../errors/index.ts';
import type { Deployed, Route } from './route.ts';

/** What is known of an endpoint: how it answers, or why it does not. */
export type Routed =
  | { route: Route }
  | ({ route: null /** Why nothing is ready. */; reason: string } & Pick<Route, 'project' | 'endpoint' | 'settings'>);

/** Every endpoint of every project. Replaced endpoint by endpoint; a request keeps the route that it was given. */
export class Routes {
  /** Every endpoint of the store was taken up, or refused, once: until then an endpoint that is not here may still come. */
  isComplete = false;
  #projects = new Map<string, Map<string, Routed>>();
  #defaultEndpoint: string | undefined;

  constructor(defaultEndpoint: string | undefined) {
    this.#defaultEndpoint = defaultEndpoint;
  }

  set(project: string, endpoint: string, routed: Routed): void {
    const endpoints = this.#projects.get(project) ?? new Map<string, Routed>();
    this.#projects.set(project, endpoints.set(endpoint, routed));
  }

  delete(project: string, endpoint: string): void {
    this.#projects.get(project)?.delete(endpoint);
  }

  get(project: string, endpoint: string): Routed | undefined {
    return this.#projects.get(project)?.get(endpoint);
  }

  /** [project, endpoint, routed] of all. */
  *all(): Generator<[string, string, Routed]> {
    for (const [project, endpoints] of this.#projects)
      for (const [endpoint, routed] of endpoints) yield [project, endpoint, routed];
  }

  /** Deployments of all endpoints that answer. */
  *deployments(): Generator<Deployed> {
    for (const [, , { route }] of this.all()) yield* route?.deployments ?? [];
  }

  /** Names of those that answer. */
  ready(project: string): string[] {
    return [...(this.#projects.get(project) ?? [])].filter(([, { route }]) => route !== null).map(([name]) => name);
  }

  /**
   * The endpoint of that name; without one the default, else the project's only one.
   * @throws SERVICE_STARTING, ENDPOINT_NOT_NAMED, ENDPOINT_UNKNOWN
   */
  find(project: string, name: string | null): Routed {
    if (!this.isComplete) throw new MitateError('SERVICE_STARTING', { retryAfterS: 1 });
    const endpoints = this.#projects.get(project);
    const named = name ?? this.#defaultEndpoint;
    if (named === undefined) {
      if (endpoints?.size === 1) return endpoints.values().next().value!;
      const names = [...(endpoints?.keys() ?? [])].sort().join(', ') || 'none';
      throw new MitateError('ENDPOINT_NOT_NAMED', { project, count: endpoints?.size ?? 0, names });
    }
    const found = endpoints?.get(named);
    if (!found) throw new MitateError('ENDPOINT_UNKNOWN', { endpoint: named });
    return found;
  }
}
