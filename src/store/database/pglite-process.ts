/** Forked by pglite.ts: a query over a million rows blocks the event loop of its process for 0.6 s. */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import type { PGlite } from '@electric-sql/pglite';
import { MitateError } from '../../errors/index.ts';
import { serveParent } from '../../processes/serve-parent.ts';
import { fileError } from '../workspace/file-error.ts';
import { createDatabase, openDatabase } from './create.ts';
import { wireServer } from './wire-server.ts';

/** The response to `open` is the path of the socket, to `stop` the end of the process. */
export type PGliteRequest = 'open' | 'stop';

const folder = process.argv[2]!;
/** Of the process that this one replaces: attached commands know it. */
const earlierSocket = process.argv[3];
const lastQueriesMs = 5_000;
// V8 optimizes a function of PGlite once it has run this much. Sooner, a short command spends a third of its time on functions that run no more:
// the parser of SQL alone takes 0.5 s and 550 MB.
setFlagsFromString('--wasm-tiering-budget=2000000000');
process.umask(0o077);
let database: PGlite | undefined;
let server: Server | undefined;
let temporary: string | undefined;
let stopping = false;

// while it is there, commands wait for the next process
process.on('exit', () => stopping && temporary !== undefined && rmSync(temporary, { recursive: true, force: true }));
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

/** Its stderr becomes the reason of DATABASE_STOPPED. */
function fail(error: unknown): never {
  writeSync(2, error instanceof Error ? error.message : String(error));
  process.exit(1);
}

/** Owner-only: the folder has mode 0700, and code of a release, which may connect but not list files, cannot guess the name. Short, because socket paths are limited to 108 bytes. On Windows a named pipe. */
function socketPath(): string {
  if (earlierSocket !== undefined) {
    rmSync(earlierSocket, { force: true });
    if (process.platform !== 'win32') temporary = dirname(earlierSocket);
    return earlierSocket;
  }
  if (process.platform === 'win32') return `\\\\.\\pipe\\mitate-${randomUUID()}`;
  temporary = mkdtempSync(join(Buffer.byteLength(tmpdir()) > 60 ? '/tmp' : tmpdir(), 'mitate-'));
  return join(temporary, randomBytes(8).toString('hex'));
}

async function open(): Promise<string> {
  try {
    const exists = earlierSocket !== undefined || existsSync(join(folder, 'PG_VERSION'));
    database = exists ? await openDatabase(folder) : await createDatabase(folder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC') throw fileError(error, folder);
    throw new MitateError('DATABASE_STOPPED', { path: folder, reason: message ?? String(error) });
  }
  const path = socketPath();
  server = wireServer(database, fail).listen(path);
  await once(server, 'listening');
  return path;
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (process.connected) await finishQueries();
  await database?.close();
  process.exit(0);
}

/** Connected commands finish their query; no new ones connect. */
async function finishQueries(): Promise<void> {
  const closed = new Promise((resolve) => server?.close(resolve) ?? resolve(null));
  await Promise.race([closed, wait(lastQueriesMs, null, { ref: false })]);
}

serveParent(
  (request: PGliteRequest) => (request === 'open' ? open() : stop()),
  // also when the parent was killed, even while the database is still opening
  () => void stop(),
);
