import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../../contracts/logger.ts';
import { isMitateError, MitateError, toMitateError } from '../../errors/index.ts';
import { Child, ProcessEnded } from '../../processes/child.ts';
import { childEntry } from '../../processes/child-entry.ts';
import type { Ending } from '../../processes/forked-process.ts';
import type { PGliteRequest } from './pglite-process.ts';

export interface PGliteServer extends AsyncDisposable {
  /** The same after a restart. */
  socket: string;
  /** Why it does not run; null while it runs. */
  ended(): string | null;
  /** Resolves when it could not be started again. */
  lost: Promise<MitateError>;
}

export interface PGliteOptions {
  /** Receives the id of each process before it touches a file. */
  onStart(pid: number): void;
  logger: Logger;
}

type Database = Child<PGliteRequest>;

const entry = childEntry('./pglite-process.ts', import.meta.url);
/** Recovery after a kill reads the whole write-ahead log. */
const openTimeoutMs = 600_000;
const stopTimeoutMs = 15_000;
const firstPauseMs = 100;
const longestPauseMs = 5_000;
/** Starts in a row that may fail, with pauses of 3 s together; on a full disk any number. */
const mostFailedStarts = 5;

const reasonOf = ({ reason, stderr }: Ending) => stderr || reason;

/**
 * Starts the embedded database of a folder in its own process, and again whenever that ends. First start 2.7 s, later ones 0.3 s.
 * @throws DATABASE_STOPPED, DISK_FULL
 */
export async function startPGlite(folder: string, { onStart, logger }: PGliteOptions): Promise<PGliteServer> {
  let child: Database;
  const start = async (...args: string[]) => {
    child = new Child<PGliteRequest>(entry, { args: [folder, ...args] });
    if (child.pid !== undefined) onStart(child.pid);
    const opened = await open(child, folder);
    child.unref();
    return opened;
  };
  const socket = await start();
  const closing = new AbortController();
  const lost = Promise.withResolvers<MitateError>();
  let failure: string | null = null;

  const startAgain = async () => {
    for (let failed = 0; ; failed++) {
      await wait(Math.min(longestPauseMs, firstPauseMs * 2 ** failed), null, { signal: closing.signal });
      try {
        await start(socket);
        failure = null;
        return logger.info('embedded database runs again', { pid: child.pid });
      } catch (error) {
        if (closing.signal.aborted) throw error;
        failure = toMitateError(error).message;
        logger.error('embedded database does not start', { reason: failure });
        if (failed + 1 >= mostFailedStarts && !isMitateError(error, 'DISK_FULL')) throw error;
      }
    }
  };
  const keep = async () => {
    while (!closing.signal.aborted) {
      const ending = await child.ended;
      if (closing.signal.aborted) return;
      failure = reasonOf(ending);
      logger.error('embedded database ended; starting it again', { reason: failure });
      await startAgain();
    }
  };
  keep().catch((error) => {
    if (!closing.signal.aborted) lost.resolve(toMitateError(error));
  });
  return {
    socket,
    ended: () => failure ?? (child.ending ? reasonOf(child.ending) : null),
    lost: lost.promise,
    async [Symbol.asyncDispose]() {
      closing.abort();
      // the process ends instead of responding
      await child.ask<void>('stop', { timeoutMs: stopTimeoutMs }).catch(() => {});
      // one that was killed left it
      if (process.platform !== 'win32') rmSync(dirname(socket), { recursive: true, force: true });
    },
  };
}

async function open(child: Database, folder: string): Promise<string> {
  try {
    return await child.ask<string>('open', { timeoutMs: openTimeoutMs });
  } catch (error) {
    child.kill();
    await child.ended;
    if (!(error instanceof ProcessEnded)) throw error;
    throw new MitateError('DATABASE_STOPPED', { path: folder, reason: reasonOf(error.ending) }, { cause: error });
  }
}
