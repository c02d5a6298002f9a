import type { Endpoint } from '../../contracts/endpoint.ts';
import type { Logger } from '../../contracts/logger.ts';
import type { EndpointStore } from '../../store/endpoints/contract.ts';
import type { Deployed } from '../router/route.ts';
import type { Refused } from './next-route.ts';

/** A refused version may have been repaired since. */
const retryMs = 30_000;
const who = 'server';

/** Writes this server's events to the timelines of endpoints, and schedules retries of refused ones. */
export class Timeline {
  #logger: Logger;
  /** `project/endpoint` -> the refusals that were reported, and the time of the next retry. */
  #refused = new Map<string, { report: string; retryAtMs: number }>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get isRetryDue(): boolean {
    return [...this.#refused.keys()].some((id) => this.isDue(id));
  }

  isDue(id: string): boolean {
    const refused = this.#refused.get(id);
    return refused !== undefined && refused.retryAtMs <= performance.now();
  }

  /** Called when a retry starts. */
  postpone(id: string): void {
    const refused = this.#refused.get(id);
    if (refused) refused.retryAtMs = performance.now() + retryMs;
  }

  forget(id: string): void {
    this.#refused.delete(id);
  }

  /** Each reason once, not every 30 s. */
  async noteRefused(
    id: string,
    { name }: Endpoint,
    refused: readonly Refused[],
    endpoints: Pick<EndpointStore, 'noteEndpoint'>,
  ): Promise<void> {
    const report = refused.map(({ deployment, reason }) => `${deployment.id}: ${reason}`).join('\n');
    const isKnown = this.#refused.get(id)?.report === report;
    this.#refused.set(id, { report, retryAtMs: performance.now() + retryMs });
    if (isKnown) return;
    for (const { deployment, reason } of refused) {
      this.#logger.error('deployment refused', { endpoint: id, deployment: deployment.id, reason });
      await endpoints.noteEndpoint(name, { action: 'refused', who, why: reason, details: deployment });
    }
  }

  async noteReady(
    { name }: Endpoint,
    ready: readonly Deployed[],
    endpoints: Pick<EndpointStore, 'noteEndpoint'>,
  ): Promise<void> {
    for (const { id, role, traffic, model } of ready) {
      const details = { id, modelName: model.name, version: model.version, role, traffic };
      await endpoints.noteEndpoint(name, { action: 'ready', who, why: 'loaded, warm and checked', details });
    }
  }
}
