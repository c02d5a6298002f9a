import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../contracts/logger.ts';
import { MitateError } from '../../errors/index.ts';
import { ProcessEnded } from '../../processes/child.ts';
import type { Ending } from '../../processes/forked-process.ts';
import { Semaphore } from '../../processes/semaphore.ts';
import type { PoolState, RequestOptions } from '../pool-answer.ts';
import { JobQueue } from './job-queue.ts';
import { type AnswerOf, graphOf, type HeldGraph, type Job } from './messages.ts';
import { PendingJob } from './pending-job.ts';
import { Slot } from './slot.ts';

/** Failed starts in a row after which queued jobs are refused. */
const startAttempts = 3;
const longestPauseMs = 5_000;

export interface SupervisorOptions {
  processes: number;
  deadlineMs: number;
  /** Nice value of the processes: 0 (as their parent) .. 19. Default 0. */
  nice?: number;
  logger?: Logger | undefined;
}

/** Keeps N processes running with the same graphs in each, and gives them jobs in order of arrival. */
export class Supervisor {
  #options: SupervisorOptions;
  #slots = new Set<Slot>();
  #queue = new JobQueue();
  #graphs = new Map<string, HeldGraph>();
  /** Unsettled jobs by graph: a retired graph is dropped after its last. */
  #users = new Map<string, number>();
  #retired = new Set<string>();
  #loads = new Semaphore(1);
  #failedStarts = 0;
  /** Set while no process starts. */
  #failure: MitateError | undefined;
  #firstUp = Promise.withResolvers<void>();
  #running = new Set<Promise<void>>();
  #closed = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Starts the processes; resolves once one is up. @throws INFERENCE_PROCESS_FAILED_TO_START */
  async start(): Promise<void> {
    for (let i = 0; i < this.#options.processes; i++) this.#spawn();
    try {
      await this.#firstUp.promise;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  get state(): PoolState {
    const slots = [...this.#slots];
    return {
      processes: this.#options.processes,
      up: slots.filter(({ up }) => up).length,
      waiting: this.#queue.size,
      working: slots.reduce((sum, { load }) => sum + load, 0),
    };
  }

  get pids(): number[] {
    return [...this.#slots].flatMap(({ process }) => process.pid ?? []);
  }

  /**
   * Resolves once every process holds the graph. One graph at a time; under load one process at a time, so that the others keep answering.
   * @throws MODEL_LOAD_FAILED
   */
  async load(graph: HeldGraph): Promise<void> {
    await this.#loads.run(() => this.#load(graph));
  }

  async #load(graph: HeldGraph): Promise<void> {
    this.#refuseWhenClosed();
    this.#graphs.set(graph.key, graph);
    try {
      await this.#holdEverywhere(graph);
    } catch (error) {
      this.unload(graph.key);
      if (!(error instanceof ProcessEnded)) throw error;
      const reason = `the process ended while loading it (${error.ending.reason}) ${error.ending.stderr}`.trim();
      throw new MitateError('MODEL_LOAD_FAILED', { name: graph.name, reason }, { cause: error });
    }
    this.#dispatch();
  }

  /** The first process optimises the graph for the others and for later replacements. */
  async #holdEverywhere(graph: HeldGraph): Promise<void> {
    const [first, ...others] = this.#slots;
    const hold = async (slot: Slot) => {
      const held = await slot.hold(this.#graphs.get(graph.key) ?? graph);
      if (this.#graphs.has(graph.key)) this.#graphs.set(graph.key, held);
      this.#dispatch();
    };
    if (first) await hold(first);
    const { waiting, working } = this.state;
    if (waiting + working > 0) for (const slot of others) await hold(slot);
    else
      for (const done of await Promise.allSettled(others.map(hold))) if (done.status === 'rejected') throw done.reason;
  }

  /** Frees the graph once its last job has ended. */
  unload(key: string): void {
    this.#retired.add(key);
    this.#dropRetired(key);
  }

  /** @throws what the job threw, INFERENCE_*, CANCELLED */
  async run<J extends Job>(job: J, options: RequestOptions = {}): Promise<AnswerOf<J>> {
    this.#refuseWhenClosed();
    if (this.#failure) throw this.#failure;
    const graph = graphOf(job);
    if (graph === null) return await this.#answerTo(job, options);
    if (!this.#graphs.has(graph)) throw new MitateError('MODEL_NOT_LOADED', { name: graph, loaded: this.#names() });
    this.#users.set(graph, (this.#users.get(graph) ?? 0) + 1);
    try {
      return await this.#answerTo(job, options);
    } finally {
      this.#users.set(graph, (this.#users.get(graph) ?? 1) - 1);
      this.#dropRetired(graph);
    }
  }

  async #answerTo<J extends Job>(job: J, options: RequestOptions): Promise<AnswerOf<J>> {
    const pending = new PendingJob(job, options);
    this.#queue.add(pending);
    this.#dispatch();
    return (await pending.answer) as AnswerOf<J>;
  }

  /** Refuses queued jobs, waits for running ones, then ends the processes. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const pending of this.#queue.takeAll()) pending.fail(new MitateError('INFERENCE_CLOSED', {}));
    await Promise.all(this.#running);
    await Promise.all([...this.#slots].map(({ process }) => process.stop()));
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new MitateError('INFERENCE_CLOSED', {});
  }

  #names(): string {
    return [...this.#graphs.values()].map(({ name }) => name).join(', ') || 'none';
  }

  #dispatch(): void {
    for (let pending = this.#queue.first(); pending; pending = this.#queue.first()) {
      const slot = this.#slotFor(pending);
      if (!slot) return;
      this.#queue.remove(pending);
      this.#give(pending, slot);
    }
  }

  #slotFor(pending: PendingJob): Slot | undefined {
    let best: Slot | undefined;
    for (const slot of this.#slots) if (slot.takes(pending) && (!best || slot.load < best.load)) best = slot;
    return best;
  }

  #give(pending: PendingJob, slot: Slot): void {
    const done = slot.run(pending).then((again) => {
      this.#running.delete(done);
      if (again) this.#requeue(again);
      this.#dispatch();
    });
    this.#running.add(done);
  }

  #requeue(pending: PendingJob): void {
    if (this.#closed) pending.fail(new MitateError('INFERENCE_CLOSED', {}));
    else this.#queue.putBack(pending);
  }

  #dropRetired(key: string): void {
    if (!this.#retired.has(key) || (this.#users.get(key) ?? 0) > 0) return;
    this.#retired.delete(key);
    this.#users.delete(key);
    this.#graphs.delete(key);
    for (const { process } of this.#slots) process.unload(key).catch(() => {});
  }

  #spawn(): void {
    const slot = new Slot(this.#options.deadlineMs, this.#options.nice ?? 0);
    this.#slots.add(slot);
    const { process } = slot;
    this.#loadAll(slot).then(
      () => this.#isUp(slot),
      () => process.kill(),
    );
    void process.ended.then((ending) => this.#replace(slot, ending));
  }

  async #loadAll({ process }: Slot): Promise<void> {
    await process.started;
    // One after the other, each with its own time limit; one that was unloaded meanwhile is skipped.
    for (const key of [...this.#graphs.keys()]) {
      const graph = this.#graphs.get(key);
      if (graph) await process.load(graph);
    }
  }

  #isUp(slot: Slot): void {
    slot.up = true;
    this.#failedStarts = 0;
    this.#failure = undefined;
    this.#firstUp.resolve();
    this.#dispatch();
  }

  async #replace(slot: Slot, ending: Ending): Promise<void> {
    this.#slots.delete(slot);
    if (this.#closed) return;
    this.#options.logger?.warn('inference process ended; replacing it', { ...ending });
    if (!slot.up) this.#countFailedStart(ending);
    // Also gives a load that ended the process time to withdraw its graph.
    await sleep(slot.up ? 0 : Math.min(longestPauseMs, 50 * 2 ** this.#failedStarts));
    if (!this.#closed) this.#spawn();
  }

  #countFailedStart(ending: Ending): void {
    this.#failedStarts++;
    if (this.#failedStarts < startAttempts || [...this.#slots].some(({ up }) => up)) return;
    this.#failure = new MitateError('INFERENCE_PROCESS_FAILED_TO_START', { attempts: this.#failedStarts, ...ending });
    this.#firstUp.reject(this.#failure);
    for (const pending of this.#queue.takeAll()) pending.fail(this.#failure);
  }
}
