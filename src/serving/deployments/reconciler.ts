import { defaultProject } from '../../contracts/access.ts';
import type { Deployment, Endpoint } from '../../contracts/endpoint.ts';
import type { Logger } from '../../contracts/logger.ts';
import { toMitateError } from '../../errors/index.ts';
import type { Deployed } from '../router/route.ts';
import type { Routes } from '../router/routes.ts';
import type { ModelCache } from './model-cache.ts';
import { modelSource } from './model-source.ts';
import type { ServiceStore } from './service-store.ts';
import { type Refused, takeUp } from './take-up.ts';
import { Timeline } from './timeline.ts';

export interface ReconcilerOptions {
  store: ServiceStore;
  modelCache: ModelCache;
  routes: Routes;
  pollMs: number;
  logger: Logger;
}

/**
 * Keeps the routes as the store says, whoever changed it: looks at the store's revision, loads what is new, and only then gives it traffic.
 */
export class Reconciler {
  #options: ReconcilerOptions;
  #revision: string | null = null;
  /** `project/endpoint` -> what it is to be, as text. */
  #wanted = new Map<string, string>();
  /** `project/endpoint` -> its newest change, while it is under way. An older one that still loads does not hold it up. */
  #changes = new Map<string, Promise<void>>();
  #timeline: Timeline;
  #timer: NodeJS.Timeout | undefined;
  #look: Promise<void> = Promise.resolve();
  #isLost = false;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#timeline = new Timeline(options.logger);
  }

  /** Takes up what is deployed now, then follows. */
  async start(): Promise<void> {
    await this.refresh();
    this.#options.routes.isComplete = true;
    this.#poll();
  }

  /** Resolves once what the store says now is taken up, or refused. */
  async refresh(): Promise<void> {
    await this.#lookNow();
    await Promise.all(this.#changes.values());
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#look.catch(() => {});
    await Promise.allSettled(this.#changes.values());
  }

  #poll(): void {
    const { modelCache, routes } = this.#options;
    this.#timer = setTimeout(async () => {
      await this.#lookNow().then(
        () => this.#said(null),
        (error) => this.#said(error),
      );
      // a change under way has models that no route names yet
      if (this.#changes.size === 0) modelCache.sweep(new Set(Array.from(routes.deployments(), ({ model }) => model)));
      if (this.#timer) this.#poll();
    }, this.#options.pollMs);
    this.#timer.unref();
  }

  /** A store that does not answer stops changes, not answers: said once. */
  #said(error: unknown): void {
    if (error && !this.#isLost)
      this.#options.logger.warn('endpoints cannot be looked up; those that are known go on', {
        reason: toMitateError(error).message,
      });
    this.#isLost = error !== null;
  }

  /** One after another: an older look must not overwrite a newer one. */
  #lookNow(): Promise<void> {
    this.#look = this.#look.catch(() => {}).then(() => this.#lookAgain());
    return this.#look;
  }

  async #lookAgain(): Promise<void> {
    const { store } = this.#options;
    // before the reading: what changes meanwhile is seen by the next look
    const revision = await store.endpoints.endpointsRevision();
    if (revision === this.#revision && !this.#timeline.isRetryDue) return;
    const projects = (await store.access.listProjects()).map(({ name }) => name);
    const seen = new Set<string>();
    for (const project of new Set([defaultProject, ...projects])) {
      for (const endpoint of await store.forProject(project).endpoints.listEndpoints()) {
        seen.add(`${project}/${endpoint.name}`);
        this.#want(endpoint, await this.#keysOf(endpoint));
      }
    }
    this.#dropAllBut(seen);
    this.#revision = revision;
  }

  /** The models that its deployments mean now: the artifact of a version is another one after a photo was erased from it. */
  #keysOf({ project, deployments }: Endpoint): Promise<(string | null)[]> {
    const store = this.#options.store.forProject(project);
    const keyOf = async ({ modelName, version }: Deployment) =>
      (await modelSource(store, project, modelName, version).catch(() => null))?.key ?? null;
    return Promise.all(deployments.map(keyOf));
  }

  #want(endpoint: Endpoint, keys: readonly (string | null)[]): void {
    const id = `${endpoint.project}/${endpoint.name}`;
    const wanted = JSON.stringify([endpoint.settings, endpoint.deployments, keys]);
    if (this.#wanted.get(id) === wanted && !this.#timeline.isDue(id)) return;
    this.#timeline.postpone(id);
    this.#wanted.set(id, wanted);
    const change = this.#change(id, wanted, endpoint)
      .catch((error) => {
        const reason = toMitateError(error).message;
        this.#options.logger.error('an endpoint could not be taken up', { endpoint: id, reason });
      })
      .finally(() => {
        if (this.#changes.get(id) === change) this.#changes.delete(id);
      });
    this.#changes.set(id, change);
  }

  #dropAllBut(seen: ReadonlySet<string>): void {
    for (const [project, endpoint] of [...this.#options.routes.all()]) {
      if (seen.has(`${project}/${endpoint}`)) continue;
      this.#options.routes.delete(project, endpoint);
      this.#wanted.delete(`${project}/${endpoint}`);
      this.#timeline.forget(`${project}/${endpoint}`);
    }
  }

  async #change(id: string, wanted: string, endpoint: Endpoint): Promise<void> {
    const { store, routes } = this.#options;
    const outcomes = await Promise.all(endpoint.deployments.map((deployment) => this.#deploy(endpoint, deployment)));
    const ready = outcomes.filter((outcome) => 'model' in outcome);
    const refused = outcomes.filter((outcome) => 'reason' in outcome);
    // deleted, or changed again, while it loaded
    if (this.#wanted.get(id) !== wanted) return;
    const before = routes.get(endpoint.project, endpoint.name);
    routes.set(endpoint.project, endpoint.name, takeUp(endpoint, ready, refused, before));
    const { endpoints } = store.forProject(endpoint.project);
    if (refused.length > 0) return this.#timeline.noteRefused(id, endpoint, refused, endpoints);
    this.#timeline.forget(id);
    const known = new Set(before?.route?.deployments.map((each) => each.id));
    if (this.#options.routes.isComplete)
      await this.#timeline.noteReady(
        endpoint,
        ready.filter((each) => !known.has(each.id)),
        endpoints,
      );
  }

  async #deploy(endpoint: Endpoint, deployment: Deployment): Promise<Deployed | Refused> {
    const { store, modelCache } = this.#options;
    try {
      const { project } = endpoint;
      const source = await modelSource(store.forProject(project), project, deployment.modelName, deployment.version);
      const { id, role, traffic } = deployment;
      return { id, role, traffic, model: await modelCache.load(source) };
    } catch (error) {
      return { deployment, reason: toMitateError(error).message };
    }
  }
}
