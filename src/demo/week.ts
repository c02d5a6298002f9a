import { randomBytes } from 'node:crypto';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createChannel } from '../actions/alerts/channel.ts';
import { createEndpoint } from '../actions/endpoints/endpoint.ts';
import { nameLabels } from '../actions/labels/label-names.ts';
import { setSecret } from '../actions/secrets/secret.ts';
import { createTrigger } from '../actions/triggers/trigger.ts';
import type { Config } from '../config/index.ts';
import { packageRoot } from '../config/package-root.ts';
import type { Actor } from '../contracts/actor.ts';
import { silentLogger } from '../contracts/logger.ts';
import type { TriggerInput } from '../contracts/loop/trigger.ts';
import type { RunOrder } from '../contracts/run-order.ts';
import { MitateError } from '../errors/index.ts';
import { loadPipeline } from '../orchestrator/define/load-pipeline.ts';
import type { RunOptions } from '../orchestrator/launcher/run-options.ts';
import { runPipeline } from '../orchestrator/launcher/run-pipeline.ts';
import type { RunSummary } from '../orchestrator/summary.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { SampleLabel } from '../vision/sample/labels.ts';
import { tick } from '../worker/tick.ts';
import type { DemoClock } from './clock.ts';
import { actorOf, invitePeople } from './people.ts';
import { writePhotos } from './photos.ts';
import { react, review } from './reactions.ts';
import { DemoTraffic, endpoint, type PlannedRequest, planned } from './traffic.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** Whole days before today. */
export const days = 7;
/** Drawn for the first version; monitors need 50 photos of the eval split. */
const trainingPhotos = 300;
/** Monitors need 50. */
const photosADay = 60;
/** The tablet comes on this day, from 0, and takes this share of the photos from then on. */
const tablet = { from: 3, share: 0.7 };
const dayOfFailedRun = 2;
/** Of the twelve that are queued, each of the two labellers. */
const reviewedADay = 8;
const channelSecret = 'MITATE_CHANNEL_GREENHOUSE';

interface WeekOptions {
  config: Config;
  store: OpenStore;
  clock: DemoClock;
  folder: string;
  actor: Actor;
  signal: AbortSignal;
}

/** A diagnosis service and the people around it, day by day. */
export class DemoWeek implements AsyncDisposable {
  readonly #options: WeekOptions;
  readonly #pipeline: string;
  readonly #images: string;
  readonly #truths = new Map<string, SampleLabel>();
  #traffic: DemoTraffic | null = null;

  constructor(options: WeekOptions) {
    this.#options = options;
    this.#pipeline = join(options.folder, 'pipeline.ts');
    this.#images = join(options.folder, 'photos', 'span-{SPAN}');
  }

  /** Answered so far. */
  get requests(): number {
    return this.#truths.size;
  }

  /** Photos, a pipeline, people, and an endpoint without a model. */
  async prepare(): Promise<void> {
    const { folder, store, actor, signal } = this.#options;
    await mkdir(folder, { recursive: true });
    await copyFile(join(packageRoot, 'examples', 'demo', 'pipeline.ts'), this.#pipeline);
    await writePhotos(join(folder, 'photos', 'span-0'), trainingPhotos, signal);
    await invitePeople(store, actor);
    // in English the labels speak for themselves
    await nameLabels(store, { healthy: { ja: '健康' }, unwell: { ja: '病気' } }, actor);
    await createEndpoint({ store, actor, why: 'the greenhouse wants to know which leaves are ill' }, endpoint, {
      displayName: 'Leaf health',
      settings: {
        images: { policy: 'all' },
        abstain: { low: 0.4, high: 0.6 },
        unlike: 'warn',
        review: { perDay: 12, opinions: 2 },
      },
    });
  }

  /** The first version gets all traffic of the endpoint. */
  async train(): Promise<void> {
    const about = { who: actorOf('hana').name, note: 'The first data set: leaves in daylight.' };
    const { state, error } = await this.#run({ parameters: { images: this.#images }, ...about });
    if (state !== 'succeeded') throw new MitateError('DEMO_TRAINING_FAILED', { reason: error?.message ?? state });
  }

  /** Serves it, and says what is to happen when the photos change. */
  async open(receiver: string): Promise<void> {
    const { store, actor, clock, config, folder } = this.#options;
    this.#traffic = await DemoTraffic.open(store, config.processes);
    await this.#tick();
    await setSecret(store, { name: channelSecret, value: randomBytes(24).toString('base64url') }, actor);
    const channel = { kind: 'webhook', url: receiver, secretEnv: channelSecret };
    await createChannel(store, 'greenhouse', channel, { actor, now: clock.now() });
    const trigger: TriggerInput = {
      name: 'retrain-on-drift',
      pipeline: this.#pipeline,
      parameters: { images: this.#images },
      when: { kind: 'drift', endpoint },
      coolDown: '7d',
      minNewLabels: 40,
      flywheel: { to: join(folder, 'photos'), endpoint, base: [this.#images] },
    };
    await createTrigger(store, trigger, { actor, now: clock.now(), config, cwd: folder });
  }

  async day(day: number, midnight: Date): Promise<void> {
    const { clock } = this.#options;
    const at = (hour: number) => new Date(midnight.getTime() + hour * hourMs);
    clock.goTo(new Date(midnight.getTime() + minuteMs));
    await this.#tick();
    const share = day < tablet.from ? 0 : tablet.share;
    const requests = planned(`day-${day}`, { from: at(7), to: at(21) }, photosADay, share);
    const noon = at(14);
    await this.#serve(requests.filter((request) => request.at < noon));
    clock.goTo(noon);
    await this.#tick();
    await this.#serve(requests.filter((request) => request.at >= noon));
    clock.goTo(at(21));
    if (day === dayOfFailedRun) await this.#failedRun();
    for (const who of ['mika', 'sora'] as const)
      await review(this.#options.store, clock, { who, photos: reviewedADay, truths: this.#truths });
    await this.#tick();
  }

  async today(midnight: Date, now: Date): Promise<void> {
    const { clock } = this.#options;
    clock.goTo(new Date(Math.min(midnight.getTime() + minuteMs, now.getTime())));
    await this.#tick();
    await this.#serve(planned('today', { from: clock.now(), to: now }, photosADay / 2, tablet.share));
    clock.goTo(now);
    await this.#tick();
  }

  async #serve(requests: readonly PlannedRequest[]): Promise<void> {
    const { store, signal } = this.#options;
    const answers = await this.#traffic!.send(requests, signal);
    for (const { prediction, photo } of answers) this.#truths.set(prediction.id, photo.label);
    await react(store, answers);
  }

  /** Hana wants to train on the photos of last year, which are not there. */
  async #failedRun(): Promise<void> {
    const images = join(this.#options.folder, 'photos-of-last-year');
    await this.#run({ who: actorOf('hana').name, note: 'With the photos of last year.', parameters: { images } });
  }

  /** What the worker does each minute, and the runs that it is told to do. */
  async #tick(): Promise<void> {
    const { config, store, clock, signal } = this.#options;
    if (signal.aborted) throw new MitateError('CANCELLED', {});
    const orders: RunOrder[] = [];
    const channels = { ...config.channels, allow: [...config.channels.allow, '127.0.0.1'] };
    const enqueue = async (order: RunOrder) => {
      orders.push(order);
      return order.id;
    };
    const parts = await tick({ ...config, channels }, store, { now: clock.now(), logger: silentLogger, enqueue });
    const failure = parts.find(({ error }) => error !== null)?.error;
    if (failure) throw failure;
    for (const { id, who, trigger, parameters } of orders) await this.#run({ id, who, trigger, parameters });
  }

  async #run(about: Pick<RunOptions, 'id' | 'who' | 'trigger' | 'note' | 'parameters'>): Promise<RunSummary> {
    const { config, store, clock, signal } = this.#options;
    const { workspace, processes } = config;
    const source = this.#pipeline;
    const options = { store, workspace, processes, source, signal, now: clock.now };
    const summary = await runPipeline(await loadPipeline(source), { ...options, ...about });
    if (signal.aborted) throw new MitateError('CANCELLED', {});
    return summary;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#traffic?.[Symbol.asyncDispose]();
  }
}
