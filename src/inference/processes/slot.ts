import { MitateError } from '../../errors/index.ts';
import { ProcessEnded } from '../../processes/child.ts';
import { graphOf, type HeldGraph } from './messages.ts';
import type { PendingJob } from './pending-job.ts';
import { WorkerProcess } from './worker-process.ts';

/** One running, one decoding, two on their way, so that the process stays busy while this one waits for the CPU. */
const windowSize = 4;

/** A process and its open jobs: which it may take, when it is late, what becomes of them when it ends. */
export class Slot {
  readonly process: WorkerProcess;
  /** Holds every graph that was there when it started. */
  up = false;
  #open = new Set<PendingJob>();
  #alone = false;
  #loading = 0;
  #idle: (() => void)[] = [];
  #deadlineMs: number;

  constructor(deadlineMs: number, nice: number) {
    this.process = new WorkerProcess(nice);
    this.#deadlineMs = deadlineMs;
  }

  get load(): number {
    return this.#open.size;
  }

  takes(pending: PendingJob): boolean {
    const graph = graphOf(pending.job);
    const isReady = graph === null ? this.up : this.process.graphs.has(graph);
    if (this.#alone || this.#loading > 0 || !isReady) return false;
    return this.#open.size < (pending.suspect || pending.background ? 1 : windowSize);
  }

  /**
   * Loads a graph after the open jobs: a photo behind a load would wait 100 ms.
   * @throws what the worker threw, ProcessEnded when the load ended the process; no error if it had ended before
   */
  async hold(graph: HeldGraph): Promise<HeldGraph> {
    this.#loading++;
    try {
      if (this.#open.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
      return this.process.ending ? graph : await this.process.load(graph);
    } finally {
      this.#loading--;
    }
  }

  /** @returns the job when it must run again elsewhere, since the process ended before its answer */
  async run(pending: PendingJob): Promise<PendingJob | undefined> {
    this.#open.add(pending);
    this.#alone = pending.suspect;
    const timer = setTimeout(() => this.#hangs(pending), this.#deadlineMs);
    try {
      pending.finish(await this.process.run(pending.job));
    } catch (error) {
      if (!(error instanceof ProcessEnded)) pending.fail(error);
      else if (!pending.suspect) pending.suspect = true;
      else pending.fail(new MitateError('INFERENCE_PROCESS_CRASHED', { subject: pending.subject, ...error.ending }));
    } finally {
      clearTimeout(timer);
      this.#close(pending);
    }
    return pending.settled ? undefined : pending;
  }

  #close(pending: PendingJob): void {
    this.#open.delete(pending);
    this.#alone = false;
    if (this.#open.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #hangs(pending: PendingJob): void {
    pending.late(this.#deadlineMs);
    this.process.kill();
  }
}
