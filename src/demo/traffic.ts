import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { silentLogger } from '../contracts/logger.ts';
import type { RequestSink } from '../contracts/request-record.ts';
import type { ServedPrediction } from '../contracts/served-prediction.ts';
import { MitateError } from '../errors/index.ts';
import { InferencePool } from '../inference/inference-pool.ts';
import { Random } from '../math/stats/random.ts';
import { openJournal } from '../serving/journal/journal.ts';
import { createMetrics } from '../serving/metrics.ts';
import { type RunningService, startService } from '../serving/open-service.ts';
import { localImages } from '../store/images/image-store.ts';
import type { OpenStore } from '../store/open-store.ts';
import { sampleLabelNames } from '../vision/sample/labels.ts';
import { principalOf } from './people.ts';
import { type Camera, type DemoPhoto, daylight, evening, takePhoto } from './photos.ts';

export const endpoint = 'leaf-health';

/** A photo that is to be asked about at a moment. */
export interface PlannedRequest {
  at: Date;
  device: 'phone' | 'tablet';
  plant: string;
  seed: string;
  camera: Camera;
}

/** An answer, and what the leaf truly has. */
export interface DemoAnswer extends PlannedRequest {
  photo: DemoPhoto;
  prediction: ServedPrediction;
}

/** Photos in flight. */
const inFlight = 4;
/** A shadow drops photos beyond 64 that wait. */
const batch = 32;
const shadowMs = 10_000;

/** A share of the photos comes from a tablet that is carried round in the evening, which no training photo shows. */
export function planned(day: string, { from, to }: { from: Date; to: Date }, count: number, fromTablet: number) {
  const random = new Random(`demo:traffic:${day}`);
  const step = (to.getTime() - from.getTime()) / count;
  return Array.from({ length: count }, (_, i): PlannedRequest => {
    const isTablet = random.float() < fromTablet;
    return {
      at: new Date(from.getTime() + (i + random.float()) * step),
      device: isTablet ? 'tablet' : 'phone',
      plant: `plant-${String(1 + Math.floor(random.float() * 24)).padStart(2, '0')}`,
      seed: `demo:${day}:${i}`,
      camera: isTablet ? evening : daylight,
    };
  });
}

/** The product's own service and journal, as `mitate serve` puts them together, at the moments of the demo. */
export class DemoTraffic implements AsyncDisposable {
  readonly #store: OpenStore;
  readonly #opened: AsyncDisposableStack;
  readonly #service: RunningService;
  readonly #journal: Awaited<ReturnType<typeof openJournal>>;
  readonly #shadowed: { count: number };

  private constructor(
    store: OpenStore,
    opened: AsyncDisposableStack,
    parts: { service: RunningService; journal: Awaited<ReturnType<typeof openJournal>>; shadowed: { count: number } },
  ) {
    this.#store = store;
    this.#opened = opened;
    this.#service = parts.service;
    this.#journal = parts.journal;
    this.#shadowed = parts.shadowed;
  }

  static async open(store: OpenStore, processes: number): Promise<DemoTraffic> {
    await using opened = new AsyncDisposableStack();
    const pool = opened.use(await InferencePool.open({ processes, logger: silentLogger }));
    const { workspace, requests } = store;
    const images = localImages(workspace.images);
    const journal = await openJournal({
      dir: workspace.journal,
      requests,
      images,
      source: 'demo',
      logger: silentLogger,
    });
    opened.defer(() => journal.close());
    const shadowed = { count: 0 };
    const sink: RequestSink = {
      async append(entries) {
        await journal.append(entries);
        shadowed.count += entries.filter(({ record }) => record.role === 'shadow').length;
      },
    };
    const { service, warm } = startService({ store, pool, sink, metrics: createMetrics(), logger: silentLogger });
    opened.defer(() => service.close());
    await warm;
    return new DemoTraffic(store, opened.move(), { service, journal, shadowed });
  }

  /** Asks, and resolves once the log has the answers, those of a shadow too. */
  async send(requests: readonly PlannedRequest[], signal: AbortSignal): Promise<DemoAnswer[]> {
    await this.#service.refresh();
    const answers: DemoAnswer[] = [];
    for (let at = 0; at < requests.length; at += batch) {
      if (signal.aborted) throw new MitateError('CANCELLED', {});
      const waiting = requests.slice(at, at + batch);
      const awaited = this.#shadowed.count + ((await this.#hasShadow()) ? waiting.length : 0);
      const ask = async () => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
          answers.push(await this.#ask(next));
      };
      await Promise.all(Array.from({ length: inFlight }, ask));
      // one that found no idle process is dropped
      for (const end = performance.now() + shadowMs; this.#shadowed.count < awaited && performance.now() < end; )
        await wait(20);
    }
    await this.#journal.drained();
    return answers.sort((a, b) => a.at.getTime() - b.at.getTime());
  }

  async #hasShadow(): Promise<boolean> {
    const found = await this.#store.endpoints.getEndpoint(endpoint);
    return found?.deployments.some(({ role }) => role === 'shadow') ?? false;
  }

  async #ask(request: PlannedRequest): Promise<DemoAnswer> {
    const { at, device, plant, seed, camera } = request;
    const photo = await takePhoto(seed, new Random(seed).pick(sampleLabelNames), camera);
    const began = performance.now();
    const { predictions } = await this.#service.predict({
      principal: principalOf('hana', this.#store.project),
      endpoint,
      requestId: randomUUID(),
      protocol: 'native',
      images: [photo.jpeg],
      attributes: { device },
      subject: plant,
      arrivedAtMs: began,
      now: () => new Date(at.getTime() + performance.now() - began),
    });
    return { ...request, photo, prediction: predictions[0]! };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened.disposeAsync();
  }
}
