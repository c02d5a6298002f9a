import { Worker } from 'node:worker_threads';
import { MitateError } from '../../../errors/index.ts';
import { unpackError } from '../../../inference/sent-error.ts';
import type { ThreadAnswer, ThreadReply, ThreadRequest } from './messages.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

/** A thread of this process that trains. Threads share the page cache and the runtime, so one costs 40 MB, not 100. */
export class TrainingThread {
  readonly #worker = new Worker(entry);
  readonly #signal: AbortSignal | undefined;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
    this.#worker.setMaxListeners(0);
  }

  /** One at a time. @throws what the thread threw, CANCELLED */
  async ask<R extends ThreadRequest>(request: R): Promise<ThreadAnswer<R>> {
    const { promise, resolve, reject } = Promise.withResolvers<ThreadReply>();
    const cancel = () => reject(new MitateError('CANCELLED', {}));
    const ended = (code: number) => reject(new Error(`a training thread ended with ${code}`));
    if (this.#signal?.aborted) cancel();
    this.#signal?.addEventListener('abort', cancel, { once: true });
    this.#worker.once('message', resolve).once('error', reject).once('exit', ended);
    this.#worker.postMessage(request);
    try {
      const { answer, error } = await promise;
      if (error) throw unpackError(error);
      return answer as ThreadAnswer<R>;
    } finally {
      this.#signal?.removeEventListener('abort', cancel);
      this.#worker.off('message', resolve).off('error', reject).off('exit', ended);
    }
  }

  /** At once, whatever it does. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
