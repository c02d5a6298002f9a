import { MitateError } from '../../errors/index.ts';
import type { Deployed, Route } from './route.ts';

/** An endpoint's route, or why it has none. */
export type Routed =
  | { route: Route }
  | ({ route: null; reason: string } & Pick<Route, 'project' | 'endpoint' | 'settings'>);

/** Routes of all endpoints of all projects. A request keeps the route it was given when that is replaced. */
export class Routes {
  /** Every endpoint of the store was applied or refused once; until then an unknown endpoint may still appear. */
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

  /** [project, endpoint, routed]. */
  *all(): Generator<[string, string, Routed]> {
    for (const [project, endpoints] of this.#projects)
      for (const [endpoint, routed] of endpoints) yield [project, endpoint, routed];
  }

  /** Deployments of all ready endpoints. */
  *deployments(): Generator<Deployed> {
    for (const [, , { route }] of this.all()) yield* route?.deployments ?? [];
  }

  ready(project: string): string[] {
    return [...(this.#projects.get(project) ?? [])].filter(([, { route }]) => route !== null).map(([name]) => name);
  }

  /**
   * @param name null = the default endpoint, else the project's only one
   * @throws SERVICE_STARTING, ENDPOINT_NOT_NAMED, ENDPOINT_UNKNOWN
   */
  find(project: string, name: string | null): Routed {
    if (!this.isComplete) throw new MitateError('SERVICE_STARTING', { retryAfterS: 1 });
    const endpoints = this.#projects.get(project);
    const named = name ?? this.#defaultEndpoint;
    if (named === undefined) {
      const [only, ...others] = endpoints?.values() ?? [];
      if (only && others.length === 0) return only;
      const names = [...(endpoints?.keys() ?? [])].sort().join(', ') || 'none';
      throw new MitateError('ENDPOINT_NOT_NAMED', { project, count: endpoints?.size ?? 0, names });
    }
    const found = endpoints?.get(named);
    if (!found) throw new MitateError('ENDPOINT_UNKNOWN', { endpoint: named });
    return found;
  }
}
