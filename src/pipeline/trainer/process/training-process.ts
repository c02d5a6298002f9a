import { MitateError } from '../../../errors/index.ts';
import { Child, ProcessEnded } from '../../../processes/child.ts';
import { childEntry } from '../../../processes/child-entry.ts';
import type { TrainingAnswer, TrainingRequest } from './messages.ts';

const entry = childEntry('./worker.ts', import.meta.url);
/** A fold trains a whole head: seconds for 10,000 photos. */
const timeoutMs = 4 * 3_600_000;

/** A process that trains. Not a thread: terminating one inside ONNX Runtime ends the whole process (Napi::Error, 1.30). */
export class TrainingProcess {
  readonly #child = new Child<TrainingRequest>(entry);
  readonly #signal: AbortSignal | undefined;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** One at a time. @throws what the process threw, CANCELLED, TRAINING_PROCESS_ENDED */
  async ask<R extends TrainingRequest>(request: R): Promise<TrainingAnswer<R>> {
    try {
      return await this.#child.ask<TrainingAnswer<R>>(request, { signal: this.#signal, timeoutMs });
    } catch (error) {
      if (!(error instanceof ProcessEnded)) throw error;
      throw new MitateError('TRAINING_PROCESS_ENDED', { reason: error.ending.reason }, { cause: error });
    }
  }

  async close(): Promise<void> {
    this.#child.kill();
    await this.#child.ended;
  }
}
