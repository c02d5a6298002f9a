import { MitateError } from '../../errors/index.ts';
import { ProcessEnded } from '../../processes/child.ts';
import type { HeldGraph } from './messages.ts';
import type { Ticket } from './pending-job.ts';
import { WorkerProcess } from './worker-process.ts';

/** One running, one decoding, two on their way: while the parent waits for a turn on a busy machine the process goes on. */
const windowSize = 4;

/** A process with its tickets: which it may take, when it is late, what becomes of them when it ends. */
export class Slot {
  readonly process: WorkerProcess;
  /** Holds every graph that was there when it started. */
  up = false;
  #open = new Set<Ticket>();
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

  takes(ticket: Ticket): boolean {
    if (this.#alone || this.#loading > 0 || !this.process.graphs.has(ticket.job.graph)) return false;
    return this.#open.size < (ticket.suspect || ticket.background ? 1 : windowSize);
  }

  /**
   * Lets the tickets at hand end first: a photo behind a load would wait 100 ms.
   * @throws what the worker threw, or ProcessEnded when the load ended the process; a process that had ended before loads nothing
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

  /** @returns the ticket when it must run again elsewhere, since the process ended before its answer */
  async run(ticket: Ticket): Promise<Ticket | undefined> {
    this.#open.add(ticket);
    this.#alone = ticket.suspect;
    const timer = setTimeout(() => this.#hangs(ticket), this.#deadlineMs);
    try {
      ticket.finish(await this.process.run(ticket.job));
    } catch (error) {
      if (!(error instanceof ProcessEnded)) ticket.fail(error);
      else if (ticket.suspect)
        ticket.fail(new MitateError('INFERENCE_PROCESS_CRASHED', { subject: ticket.subject, ...error.ending }));
      else ticket.suspect = true;
    } finally {
      clearTimeout(timer);
      this.#close(ticket);
    }
    return ticket.settled ? undefined : ticket;
  }

  #close(ticket: Ticket): void {
    this.#open.delete(ticket);
    this.#alone = false;
    if (this.#open.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #hangs(ticket: Ticket): void {
    ticket.late(this.#deadlineMs);
    this.process.kill();
  }
}
