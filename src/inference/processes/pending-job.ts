import { MitateError } from '../../errors/index.ts';
import type { RequestOptions } from '../pool-answer.ts';
import type { Job, JobAnswer } from './messages.ts';

/** A job that is queued for, or sent to, an inference process. */
export class PendingJob {
  readonly job: Job;
  /** Names the photo in errors. */
  readonly subject: string;
  /** Runs only when nothing else is queued. */
  readonly background: boolean;
  /** A process ended while it held this job: the retry runs alone, which identifies the culprit and spares other jobs. */
  suspect = false;
  settled = false;
  #answer = Promise.withResolvers<JobAnswer>();
  #signal: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  #cancel = () => this.fail(new MitateError('CANCELLED', {}));

  constructor(job: Job, { subject = 'photo', background = false, signal, deadlineMs }: RequestOptions) {
    this.job = job;
    this.subject = subject;
    this.background = background;
    this.#signal = signal;
    if (signal?.aborted) this.#cancel();
    else signal?.addEventListener('abort', this.#cancel);
    if (deadlineMs !== undefined) this.#timer = setTimeout(() => this.late(deadlineMs), deadlineMs);
  }

  get answer(): Promise<JobAnswer> {
    return this.#answer.promise;
  }

  finish(answer: JobAnswer): void {
    this.#answer.resolve(answer);
    this.#settle();
  }

  fail(error: unknown): void {
    this.#answer.reject(error);
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
