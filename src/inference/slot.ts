import { MitateError } from '../errors/index.ts';
import type { Ticket } from './ticket.ts';
import { crashed, ProcessEnded, WorkerProcess } from './worker-process.ts';

/** One running, one decoding, two on their way: while the parent waits for a turn on a busy machine the process goes on. */
const windowSize = 4;

/** A process with its tickets: which it may take, when it is late, what becomes of them when it ends. */
export class Slot {
  readonly process = new WorkerProcess();
  /** Holds every graph that was there when it started. */
  up = false;
  #open = new Set<Ticket>();
  #alone = false;
  #deadlineMs: number;

  constructor(deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
  }

  get load(): number {
    return this.#open.size;
  }

  takes(ticket: Ticket): boolean {
    if (this.#alone || !this.process.graphs.has(ticket.job.graph)) return false;
    return this.#open.size < (ticket.suspect ? 1 : windowSize);
  }

  /** @returns the ticket when it must run again elsewhere, since the process ended before its answer */
  async run(ticket: Ticket): Promise<Ticket | undefined> {
    this.#open.add(ticket);
    this.#alone = ticket.suspect;
    const timer = setTimeout(() => this.#late(ticket), this.#deadlineMs);
    try {
      ticket.finish(await this.process.run(ticket.job));
    } catch (error) {
      if (!(error instanceof ProcessEnded)) ticket.fail(error);
      else if (ticket.suspect) ticket.fail(crashed(ticket.subject, error.ending));
      else ticket.suspect = true;
    } finally {
      clearTimeout(timer);
      this.#open.delete(ticket);
      this.#alone = false;
    }
    return ticket.settled ? undefined : ticket;
  }

  #late(ticket: Ticket): void {
    ticket.fail(
      new MitateError('INFERENCE_DEADLINE_EXCEEDED', { subject: ticket.subject, deadlineMs: this.#deadlineMs }),
    );
    this.process.kill();
  }
}
