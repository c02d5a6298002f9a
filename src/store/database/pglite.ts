import { MitateError } from '../../errors/index.ts';
import { Child, ProcessEnded } from '../../processes/child.ts';
import { childEntry } from '../../processes/child-entry.ts';
import type { Ending } from '../../processes/forked-process.ts';
import type { PGliteRequest } from './pglite-process.ts';

export interface PGliteServer extends AsyncDisposable {
  pid: number;
  socket: string;
  /** Why it ended; null while it runs. */
  ended(): string | null;
}

const entry = childEntry('./pglite-process.ts', import.meta.url);
/** Recovery after a kill reads the whole write-ahead log. */
const openTimeoutMs = 600_000;
const stopTimeoutMs = 15_000;

const reasonOf = ({ reason, stderr }: Ending) => stderr || reason;

/**
 * Starts the embedded database of a folder in its own process. First start 2.7 s, later ones 0.3 s.
 * @param onStart receives the process id before any file is touched
 * @throws DATABASE_STOPPED, DISK_FULL
 */
export async function startPGlite(folder: string, onStart: (pid: number) => void): Promise<PGliteServer> {
  const child = new Child<PGliteRequest>(entry, { args: [folder] });
  if (child.pid !== undefined) onStart(child.pid);
  const socket = await open(child, folder);
  child.unref();
  return {
    pid: child.pid!,
    socket,
    ended: () => (child.ending ? reasonOf(child.ending) : null),
    // the process ends instead of responding
    [Symbol.asyncDispose]: () => child.ask<void>('stop', { timeoutMs: stopTimeoutMs }).catch(() => {}),
  };
}

async function open(child: Child<PGliteRequest>, folder: string): Promise<string> {
  try {
    return await child.ask<string>('open', { timeoutMs: openTimeoutMs });
  } catch (error) {
    child.kill();
    await child.ended;
    if (!(error instanceof ProcessEnded)) throw error;
    throw new MitateError('DATABASE_STOPPED', { path: folder, reason: reasonOf(error.ending) }, { cause: error });
  }
}
