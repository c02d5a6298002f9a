import { MitateError } from '../errors/index.ts';
import type { Job, JobAnswer } from './messages.ts';

/** A job that waits for, or is with, an inference process. */
export class Ticket {
  readonly job: Job;
  /** Names the photo in errors. */
  readonly subject: string;
  readonly answer: Promise<JobAnswer>;
  /** A process ended while it held this job: the retry runs alone, so that the culprit is known and others are spared. */
  suspect = false;
  settled = false;
  #resolve!: (answer: JobAnswer) => void;
  #reject!: (error: unknown) => void;
  #signal: AbortSignal | undefined;
  #cancel = () => this.fail(new MitateError('CANCELLED', {}));

  constructor(job: Job, subject: string, signal: AbortSignal | undefined) {
    this.job = job;
    this.subject = subject;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#signal = signal;
    if (signal?.aborted) this.#cancel();
    else signal?.addEventListener('abort', this.#cancel);
  }

  finish(answer: JobAnswer): void {
    this.#resolve(answer);
    this.#settle();
  }

  fail(error: unknown): void {
    this.#reject(error);
    this.#settle();
  }

  #settle(): void {
    this.settled = true;
    this.#signal?.removeEventListener('abort', this.#cancel);
  }
}
