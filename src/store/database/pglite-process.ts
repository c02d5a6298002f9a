import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { createDatabase } from './create.ts';
import { wireServer } from './wire-server.ts';

/** Forked by pglite.ts: a query over a million rows stops the event loop of its process for 0.6 s. */
export type PGliteReport =
  | { kind: 'ready'; socket: string }
  | { kind: 'failed'; message: string; code: string | undefined };
export type PGliteOrder = { kind: 'stop' };

const folder = process.argv[2]!;
let temporary: string | undefined;

function report(message: PGliteReport): void {
  if (process.connected) process.send?.(message);
}

function leave(code: number): never {
  if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  process.exit(code);
}

function fail(error: unknown): never {
  const { message, code } = error as NodeJS.ErrnoException;
  report({ kind: 'failed', message: message ?? String(error), code });
  leave(1);
}

/** Owner-only: the folder is 0700. Short, since a socket's path ends at 108 bytes. Windows has named pipes instead. */
function socketPath(): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\mitate-${randomUUID()}`;
  temporary = mkdtempSync(join(Buffer.byteLength(tmpdir()) > 60 ? '/tmp' : tmpdir(), 'mitate-'));
  return join(temporary, 'db');
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
// Ctrl-C reaches the whole process group: the parent decides when the database ends
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

let database: PGlite | undefined;
let server: Server | undefined;
let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (process.connected) await lastLookers();
  await database?.close();
  leave(0);
}
const lookersMs = 5_000;

/** Commands that look through this process finish what they ask; no new ones are let in. */
async function lastLookers(): Promise<void> {
  const closed = new Promise((resolve) => server?.close(resolve) ?? resolve(null));
  await Promise.race([closed, wait(lookersMs, null, { ref: false })]);
}

process.on('message', (order: PGliteOrder) => {
  if (order.kind === 'stop') void stop();
});
// also when the parent was killed, and while the database is still being opened
process.on('disconnect', () => void stop());

if (!existsSync(join(folder, 'PG_VERSION'))) await createDatabase(folder);
database = await PGlite.create(folder);
const path = socketPath();
server = wireServer(database, fail).listen(path, () => report({ kind: 'ready', socket: path }));
