import { MitateError } from '../../errors/index.ts';
import type { RequestOptions } from '../pool-answer.ts';
import type { Job, JobAnswer } from './messages.ts';

/** A job that waits for, or is with, an inference process. */
export class PendingJob {
  readonly job: Job;
  /** Names the photo in errors. */
  readonly subject: string;
  /** Waits until nothing else does. */
  readonly background: boolean;
  readonly answer: Promise<JobAnswer>;
  /** A process ended while it held this job: the retry runs alone, so that the culprit is known and others are spared. */
  suspect = false;
  settled = false;
  #resolve!: (answer: JobAnswer) => void;
  #reject!: (error: unknown) => void;
  #signal: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  #cancel = () => this.fail(new MitateError('CANCELLED', {}));

  constructor(job: Job, { subject = 'photo', background = false, signal, deadlineMs }: RequestOptions) {
    this.job = job;
    this.subject = subject;
    this.background = background;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#signal = signal;
    if (signal?.aborted) this.#cancel();
    else signal?.addEventListener('abort', this.#cancel);
    if (deadlineMs !== undefined) this.#timer = setTimeout(() => this.late(deadlineMs), deadlineMs);
  }

  finish(answer: JobAnswer): void {
    this.#resolve(answer);
    this.#settle();
  }

  fail(error: unknown): void {
    this.#reject(error);
    this.#settle();
  }

  late(deadlineMs: number): void {
    this.fail(new MitateError('INFERENCE_DEADLINE_EXCEEDED', { subject: this.subject, deadlineMs }));
  }

  #settle(): void {
    this.settled = true;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#cancel);
  }
}
