import { type ChildProcess, fork } from 'node:child_process';
import { MitateError } from '../../../errors/index.ts';
import { unpackError } from '../../../inference/processes/sent-error.ts';
import type { TrainingAnswer, TrainingReply, TrainingRequest } from './messages.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/** A process that trains. Not a thread: one that is ended inside ONNX Runtime takes the whole process along (Napi::Error, 1.30). */
export class TrainingProcess {
  readonly #child: ChildProcess;
  readonly #signal: AbortSignal | undefined;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
    this.#child = fork(entry, {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
  }

  /** One at a time. @throws what the process threw, CANCELLED, TRAINING_PROCESS_ENDED */
  async ask<R extends TrainingRequest>(request: R): Promise<TrainingAnswer<R>> {
    const { promise, resolve, reject } = Promise.withResolvers<TrainingReply>();
    const cancel = () => reject(new MitateError('CANCELLED', {}));
    const ended = (code: number | null, signal: string | null) =>
      reject(new MitateError('TRAINING_PROCESS_ENDED', { reason: signal ? `signal ${signal}` : `exit code ${code}` }));
    if (this.#signal?.aborted) cancel();
    this.#signal?.addEventListener('abort', cancel, { once: true });
    this.#child.once('message', resolve).once('error', reject).once('exit', ended);
    // A send that fails is followed by the exit event.
    this.#child.send(request, () => {});
    try {
      const { answer, error } = await promise;
      if (error) throw unpackError(error);
      return answer as TrainingAnswer<R>;
    } finally {
      this.#signal?.removeEventListener('abort', cancel);
      this.#child.off('message', resolve).off('error', reject).off('exit', ended);
    }
  }

  /** At once, whatever it does. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }
}
