import { MitateError } from '../errors/index.ts';
import { type AskOptions, Child, ProcessEnded } from './child.ts';
import type { Ending } from './forked-process.ts';

export interface AskOnceOptions extends AskOptions {
  timeoutMs: number;
  /** The error for a process that ended, or was killed as late, before it answered. */
  died: (ending: Ending) => Error;
}

/** Forks a module for one request, which ends with the answer. @throws what the handler threw, `died`, CANCELLED */
export async function askOnce<Request, Answer>(
  entry: URL,
  request: Request,
  { died, ...options }: AskOnceOptions,
): Promise<Answer> {
  if (options.signal?.aborted) throw new MitateError('CANCELLED', {});
  const child = new Child<Request>(entry);
  try {
    return await child.ask<Answer>(request, options);
  } catch (error) {
    child.kill();
    throw error instanceof ProcessEnded ? died(error.ending) : error;
  } finally {
    await child.stop();
  }
}
