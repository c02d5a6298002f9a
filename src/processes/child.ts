import { MitateError } from '../errors/index.ts';
import { type Ending, ForkedProcess, type ForkOptions } from './forked-process.ts';
import { unpackError } from './sent-error.ts';
import type { Envelope, Reply } from './serve-parent.ts';

const startTimeoutMs = 60_000;

/** Thrown into the calls that were open when the process ended. */
export class ProcessEnded extends Error {
  readonly ending: Ending;
  constructor(ending: Ending) {
    super(ending.reason);
    this.ending = ending;
  }
}

export interface AskOptions {
  signal?: AbortSignal | undefined;
  /** A process that takes longer hangs, and is killed. */
  timeoutMs?: number;
}

/** A forked module that runs `serveParent`, and the calls that are open in it. */
export class Child<Request> extends ForkedProcess {
  /** Rejects with ProcessEnded, after 60 s at most. */
  readonly started: Promise<void>;
  #calls = new Map<number, PromiseWithResolvers<unknown>>();
  #nextId = 0;

  constructor(entry: URL, options?: ForkOptions) {
    super(entry, options);
    this.onMessage((reply) => this.#settle(reply as Reply));
    void this.ended.then((ending) => {
      for (const call of this.#calls.values()) call.reject(new ProcessEnded(ending));
      this.#calls.clear();
    });
    this.started = this.#call(() => {}, { timeoutMs: startTimeoutMs });
    this.started.catch(() => {});
  }

  /** Several may be open at once. @throws what the handler threw, CANCELLED (the process keeps working), ProcessEnded */
  ask<Answer>(request: Request, options: AskOptions = {}): Promise<Answer> {
    return this.#call((id) => {
      const envelope: Envelope<Request> = { id, request };
      this.send(envelope);
    }, options);
  }

  async #call<Answer>(send: (id: number) => void, { signal, timeoutMs }: AskOptions): Promise<Answer> {
    if (signal?.aborted) throw new MitateError('CANCELLED', {});
    if (this.ending) throw new ProcessEnded(this.ending);
    const id = this.#nextId++;
    const call = Promise.withResolvers<unknown>();
    this.#calls.set(id, call);
    const cancel = () => call.reject(new MitateError('CANCELLED', {}));
    signal?.addEventListener('abort', cancel);
    const expire = () => this.kill(`no answer within ${timeoutMs} ms`);
    const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs);
    send(id);
    try {
      return (await call.promise) as Answer;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    }
  }

  #settle({ id, answer, error }: Reply): void {
    const call = this.#calls.get(id);
    // may throw, and then the process ends with this call open
    const thrown = error && unpackError(error);
    this.#calls.delete(id);
    if (thrown) call?.reject(thrown);
    else call?.resolve(answer);
  }
}
