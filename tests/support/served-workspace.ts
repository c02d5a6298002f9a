import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { permissions } from '../../src/contracts/access.ts';
import type { DeploymentPlan } from '../../src/contracts/endpoint.ts';
import { silentLogger } from '../../src/contracts/logger.ts';
import { InferencePool } from '../../src/inference/inference-pool.ts';
import { createMetrics } from '../../src/serving/metrics.ts';
import { type RunningService, type ServiceOptions, startService } from '../../src/serving/open-service.ts';
import type { ServiceRequest } from '../../src/serving/service.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { MemorySink } from './memory-sink.ts';
import { registerModel } from './register-model.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { unaudited } from './unaudited.ts';

/** A workspace with a store, models under the name `leaf` deployed on the endpoint `leaf`, a pool, and what serves them. */
export class ServedWorkspace implements AsyncDisposable {
  readonly folder = new ScratchFolder();
  readonly sink = new MemorySink();
  metrics = createMetrics();
  store!: OpenStore;
  pool!: InferencePool;
  service!: RunningService;

  /**
   * @param uris Model folders: versions 1, 2, ...; the first takes the traffic
   * @param workspace Default: an empty one
   * @param processes of inference. Default 1: each takes most of a second of the processor until it has warmed its models up
   */
  static async open(
    uris: readonly string[],
    {
      workspace,
      processes = 1,
      ...options
    }: Partial<ServiceOptions> & { workspace?: string | undefined; processes?: number | undefined } = {},
  ): Promise<ServedWorkspace> {
    const served = new ServedWorkspace();
    served.store = await openStore({ workspace: workspace ?? served.folder.at('workspace'), serves: true });
    for (const uri of uris) await registerModel(served.store, { name: 'leaf', uri, endpoint: 'leaf' });
    served.pool = await InferencePool.open({ processes });
    await served.start(options);
    return served;
  }

  /** A service on what the store says now, in place of the one before. */
  async start(options: Partial<ServiceOptions> = {}): Promise<void> {
    await this.service?.close();
    this.metrics = createMetrics();
    const { store, pool, sink, metrics } = this;
    const { service, warm } = startService({ store, pool, sink, metrics, logger: silentLogger, ...options });
    await warm;
    this.service = service;
  }

  /** Changes the endpoint as another process would: the service finds it at its next look. */
  async plan(plan: readonly (Omit<DeploymentPlan, 'modelName'> & { modelName?: string })[]): Promise<void> {
    const whole = plan.map((each) => ({ modelName: 'leaf', ...each }));
    await unaudited(this.store).endpoints.planEndpoint('leaf', whole, { action: 'traffic', who: 'test', why: 'test' });
  }

  request(image: Uint8Array, change: Partial<ServiceRequest> = {}): ServiceRequest {
    return {
      principal: { kind: 'key', id: 'k1', who: 'key:test', project: 'default', permissions: new Set(permissions) },
      endpoint: 'leaf',
      requestId: randomUUID(),
      protocol: 'native',
      images: [image],
      arrivedAtMs: performance.now(),
      ...change,
    };
  }

  at(name: string): string {
    return join(this.folder.path, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service?.close();
    await this.pool?.close();
    await this.store?.[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}
