import { defaultProject } from '../../contracts/access.ts';
import type { Deployment, Endpoint } from '../../contracts/endpoint.ts';
import type { Logger } from '../../contracts/logger.ts';
import { toMitateError } from '../../errors/index.ts';
import type { Deployed } from '../router/route.ts';
import type { Routes } from '../router/routes.ts';
import type { ModelCache } from './model-cache.ts';
import { modelSource } from './model-source.ts';
import { nextRoute, type Refused } from './next-route.ts';
import type { ServiceStore } from './service-store.ts';
import { Timeline } from './timeline.ts';

export interface ReconcilerOptions {
  store: ServiceStore;
  modelCache: ModelCache;
  routes: Routes;
  pollMs: number;
  logger: Logger;
}

/** Keeps the routes equal to the store: polls its revision, loads what is new, and only then gives it traffic. */
export class Reconciler {
  #options: ReconcilerOptions;
  #revision: string | null = null;
  /** `project/endpoint` -> its desired state, as text. */
  #wanted = new Map<string, string>();
  /** `project/endpoint` -> its newest change, while in progress. It does not wait for older ones. */
  #changes = new Map<string, Promise<void>>();
  #timeline: Timeline;
  #timer: NodeJS.Timeout | undefined;
  #pass: Promise<void> = Promise.resolve();
  #isStale = false;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#timeline = new Timeline(options.logger);
  }

  /** Applies the present state, then polls. */
  async start(): Promise<void> {
    await this.refresh();
    this.#options.routes.isComplete = true;
    this.#poll();
  }

  /** Resolves once the present state of the store is applied or refused. */
  async refresh(): Promise<void> {
    await this.#reconcile();
    await Promise.all(this.#changes.values());
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#pass.catch(() => {});
    await Promise.allSettled(this.#changes.values());
  }

  #poll(): void {
    const { modelCache, routes } = this.#options;
    this.#timer = setTimeout(async () => {
      await this.#reconcile().then(
        () => this.#notePoll(null),
        (error) => this.#notePoll(error),
      );
      // A change in progress has models that no route names yet.
      if (this.#changes.size === 0) modelCache.sweep(new Set(Array.from(routes.deployments(), ({ model }) => model)));
      if (this.#timer) this.#poll();
    }, this.#options.pollMs);
    this.#timer.unref();
  }

  /** An unreachable store stops changes, not answers. Logged once. */
  #notePoll(error: unknown): void {
    if (error && !this.#isStale)
      this.#options.logger.warn('endpoint poll failed; serving the last known routes', {
        reason: toMitateError(error).message,
      });
    this.#isStale = error !== null;
  }

  /** One after another: an older pass must not overwrite a newer one. */
  #reconcile(): Promise<void> {
    this.#pass = this.#pass.catch(() => {}).then(() => this.#reconcileOnce());
    return this.#pass;
  }

  async #reconcileOnce(): Promise<void> {
    const { store } = this.#options;
    // Read first: the next pass sees what changes meanwhile.
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

  /** Erasing a photo replaces the artifact of a version, and so its key. */
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
        this.#options.logger.error('endpoint change failed', { endpoint: id, reason });
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
    // Deleted, or changed again, while it loaded.
    if (this.#wanted.get(id) !== wanted) return;
    const before = routes.get(endpoint.project, endpoint.name);
    routes.set(endpoint.project, endpoint.name, nextRoute(endpoint, ready, refused, before));
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
