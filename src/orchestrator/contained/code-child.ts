import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { MitateError } from '../../errors/index.ts';
import { Child, ProcessEnded } from '../../processes/child.ts';
import { childEntry } from '../../processes/child-entry.ts';
import type { ForkOptions } from '../../processes/forked-process.ts';
import { whyAborted } from '../launcher/deadline.ts';
import { type CodeEvent, type CodeRequest, codeEventSchema } from './protocol.ts';

const lookMs = 500;
const pageBytes = 4_096;
const tooLarge = 'more memory than it may use';

export interface Limits {
  memoryMb: number;
}

/** A forked `code-process.ts`, its events and its memory limit. */
export class CodeChild extends Child<CodeRequest> {
  readonly #memoryMb: number;

  constructor({ memoryMb }: Limits, options: ForkOptions, onEvent: (event: CodeEvent, child: CodeChild) => void) {
    const { execArgv = [], ...others } = options;
    const heap = ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${memoryMb}`];
    super(childEntry('./code-process.ts', import.meta.url), {
      ...others,
      execArgv: [...heap, ...execArgv],
      channel: 'lines',
    });
    this.#memoryMb = memoryMb;
    this.onMessage((message) => {
      const { data } = codeEventSchema.safeParse((message as { event?: unknown }).event);
      if (data) onEvent(data, this);
    });
    this.#watchMemory();
  }

  /** @throws what the code threw, what `signal` was aborted with, RUN_MEMORY_EXCEEDED, RUN_CODE_ENDED */
  async request<S extends z.ZodType>(
    request: CodeRequest,
    schema: S,
    { signal, timeoutMs }: { signal?: AbortSignal; timeoutMs?: number } = {},
  ): Promise<z.output<S>> {
    try {
      const answer = await this.ask<unknown>(request, { signal, ...(timeoutMs && { timeoutMs }) });
      const parsed = schema.safeParse(answer);
      if (parsed.success) return parsed.data;
      throw new MitateError('RUN_CODE_ENDED', { reason: 'it sent something that is not an answer', stderr: '' });
    } catch (error) {
      if (signal?.aborted) throw whyAborted(signal);
      throw error instanceof ProcessEnded ? this.#ended(error) : error;
    }
  }

  #ended({ ending: { reason, stderr } }: ProcessEnded): MitateError {
    if (reason === tooLarge || stderr.includes('heap out of memory'))
      return new MitateError('RUN_MEMORY_EXCEEDED', { limitMb: this.#memoryMb });
    return new MitateError('RUN_CODE_ENDED', { reason, stderr: stderr && `: ${stderr}` });
  }

  /** Buffers are outside of the heap. Linux alone says what a process holds. */
  #watchMemory(): void {
    const timer = setInterval(() => {
      const pages = Number(statm(this.pid)?.split(' ')[1] ?? 0);
      if (pages * pageBytes > this.#memoryMb * 2 ** 20) this.kill(tooLarge);
    }, lookMs).unref();
    void this.ended.then(() => clearInterval(timer));
  }
}

function statm(pid?: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/statm`, 'utf8');
  } catch {
    return null;
  }
}
