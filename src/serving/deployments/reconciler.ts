import { defaultProject } from '../../contracts/access.ts';
import type { Logger } from '../../contracts/component.ts';
import { toMitateError } from '../../errors/index.ts';
import type { Endpoint } from '../../store/endpoint-store.ts';
import type { Deployment } from '../../store/store.ts';
import type { Deployed } from '../router/route.ts';
import type { Routes } from '../router/routes.ts';
import type { ModelShelf } from './model-shelf.ts';
import { modelSource } from './model-source.ts';
import type { ServiceStore } from './service-store.ts';
import { type Refused, takeUp } from './take-up.ts';

export interface ReconcilerOptions {
  store: ServiceStore;
  shelf: ModelShelf;
  routes: Routes;
  pollMs: number;
  logger: Logger;
}

/** A version that was refused may have been repaired since. */
const retryRefusedMs = 30_000;
const who = 'server';

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
  /** `project/endpoint` -> deployments that were refused, and when they are tried again. */
  #refused = new Map<string, { said: string; retryAtMs: number }>();
  #timer: NodeJS.Timeout | undefined;
  #look: Promise<void> = Promise.resolve();
  #hasStarted = false;
  #isLost = false;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  /** Takes up what is deployed now, then follows. */
  async start(): Promise<void> {
    await this.refresh();
    this.#hasStarted = true;
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
    this.#timer = setTimeout(async () => {
      await this.#lookNow().then(
        () => this.#said(null),
        (error) => this.#said(error),
      );
      // a change under way has models that no route names yet
      if (this.#changes.size === 0) this.#options.shelf.sweep(new Set(this.#routedModels()));
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

  *#routedModels() {
    for (const [, , { route }] of this.#options.routes.all())
      for (const { model } of route?.deployments ?? []) yield model;
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
    if (revision === this.#revision && !this.#isRetryDue()) return;
    const projects = (await store.access.listProjects()).map(({ name }) => name);
    const seen = new Set<string>();
    for (const project of new Set([defaultProject, ...projects])) {
      for (const endpoint of await store.forProject(project).endpoints.listEndpoints()) {
        seen.add(`${project}/${endpoint.name}`);
        this.#want(endpoint);
      }
    }
    this.#dropAllBut(seen);
    this.#revision = revision;
  }

  #isRetryDue(): boolean {
    return [...this.#refused.values()].some(({ retryAtMs }) => retryAtMs <= performance.now());
  }

  #want(endpoint: Endpoint): void {
    const id = `${endpoint.project}/${endpoint.name}`;
    const wanted = JSON.stringify([endpoint.settings, endpoint.deployments]);
    const refused = this.#refused.get(id);
    const isDue = refused !== undefined && refused.retryAtMs <= performance.now();
    if (this.#wanted.get(id) === wanted && !isDue) return;
    if (refused) refused.retryAtMs = performance.now() + retryRefusedMs;
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
      this.#refused.delete(`${project}/${endpoint}`);
    }
  }

  async #change(id: string, wanted: string, endpoint: Endpoint): Promise<void> {
    const { routes } = this.#options;
    const outcomes = await Promise.all(endpoint.deployments.map((deployment) => this.#deploy(endpoint, deployment)));
    const ready = outcomes.filter((outcome) => 'model' in outcome);
    const refused = outcomes.filter((outcome) => 'reason' in outcome);
    // deleted, or changed again, while it loaded
    if (this.#wanted.get(id) !== wanted) return;
    const before = routes.get(endpoint.project, endpoint.name);
    routes.set(endpoint.project, endpoint.name, takeUp(endpoint, ready, refused, before));
    await this.#note(id, endpoint, ready, refused, new Set(before?.route?.deployments.map((each) => each.id)));
  }

  async #deploy(endpoint: Endpoint, deployment: Deployment): Promise<Deployed | Refused> {
    const { store, shelf } = this.#options;
    try {
      const { project } = endpoint;
      const source = await modelSource(store.forProject(project), project, deployment.modelName, deployment.version);
      const { id, role, traffic } = deployment;
      return { id, role, traffic, model: await shelf.load(source) };
    } catch (error) {
      return { deployment, reason: toMitateError(error).message };
    }
  }

  /** On the timeline: what is refused, once a reason; what is ready, when it came after the start. */
  async #note(
    id: string,
    { project, name }: Endpoint,
    ready: readonly Deployed[],
    refused: readonly Refused[],
    before: ReadonlySet<string>,
  ): Promise<void> {
    const { endpoints } = this.#options.store.forProject(project);
    const said = refused.map(({ deployment, reason }) => `${deployment.id}: ${reason}`).join('\n');
    const isNew = said !== (this.#refused.get(id)?.said ?? '');
    if (refused.length === 0) this.#refused.delete(id);
    else this.#refused.set(id, { said, retryAtMs: performance.now() + retryRefusedMs });
    for (const { deployment, reason } of isNew ? refused : []) {
      this.#options.logger.error('deployment refused', { endpoint: id, deployment: deployment.id, reason });
      await endpoints.noteEndpoint(name, { action: 'refused', who, why: reason, details: deployment });
    }
    if (!this.#hasStarted || refused.length > 0) return;
    for (const { id: deploymentId, role, traffic, model } of ready.filter((each) => !before.has(each.id))) {
      const details = { id: deploymentId, modelName: model.name, version: model.version, role, traffic };
      await endpoints.noteEndpoint(name, { action: 'ready', who, why: 'loaded, warm and checked', details });
    }
  }
}
