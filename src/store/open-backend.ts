import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { isMitateError } from '../errors/index.ts';
import { type Connection, connectSocket, connectUrl, publicUrl } from './database/connect.ts';
import type { FailedDatabase } from './database/database-error.ts';
import { appliedMigrations, newestMigration } from './database/migrate.ts';
import { type PGliteServer, startPGlite } from './database/pglite.ts';
import { acquireLock, isLiving, type Lock, type LockOwner, lockedError, readOwner } from './workspace/lock.ts';
import { identify, type ProcessIdentity, stateOf } from './workspace/process-identity.ts';
import type { Workspace } from './workspace/workspace.ts';

export interface BackendOptions {
  /** `postgres://...`; absent = the embedded database inside the workspace. */
  databaseUrl?: string;
  /** Said to others who find the workspace taken. Default: this process' command line. */
  command?: string;
  /**
   * When another process has the embedded database open, work through that one instead of refusing. `server`: only through one that
   * `serves`, for commands that last: any other may end, and take its database with it.
   */
  attach?: boolean | 'server';
  /** Keeps the database open for long: others may work through it, also for long. */
  serves?: boolean;
}

/** The database of a store, and how it was come by. */
export interface Backend extends AsyncDisposable, FailedDatabase {
  connection: Connection;
  /** May migrate; false when looking through another process. */
  owns: boolean;
  /** No other process can change it. */
  alone: boolean;
  /** Lets others in, once the database is migrated and what a killed owner left is ended: they find it as this program knows it. */
  announce(): void;
}

/**
 * @param deadline milliseconds since the epoch; nobody is waited for beyond it
 * @throws WORKSPACE_LOCKED, DATABASE_STOPPED, DISK_FULL
 */
export async function openBackend(workspace: Workspace, options: BackendOptions, deadline: number): Promise<Backend> {
  if (options.databaseUrl !== undefined) {
    const connection = connectUrl(options.databaseUrl);
    return {
      name: publicUrl(options.databaseUrl),
      embedded: false,
      connection,
      owns: true,
      ended: () => null,
      alone: false,
      announce() {},
      [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
    };
  }
  return openWhenFree(workspace, options, deadline);
}

/** A command that only looks, or an owner that is closing, is gone by then. */
export const briefMs = 10_000;
/** A first start takes 2.7 s of processor time: 22 s beside ten busy processes on 2 cores. */
export const openingMs = 60_000;

/** A living owner is waited for as long as it is worth, and anew when another takes its place or it has opened. */
async function openWhenFree(workspace: Workspace, options: BackendOptions, deadline: number): Promise<Backend> {
  let [seen, since] = ['', Date.now()];
  for (;;) {
    try {
      return attachEmbedded(workspace, options) ?? (await openEmbedded(workspace, options));
    } catch (error) {
      const owner = readOwner(workspace.dir);
      const found = `${owner?.token} ${owner?.socket}`;
      if (found !== seen) [seen, since] = [found, Date.now()];
      const until = Math.min(deadline, since + patienceMs(owner, options));
      if (!isMitateError(error, 'WORKSPACE_LOCKED') || Date.now() >= until) throw error;
      await wait(50);
    }
  }
}

/** 0 = not worth waiting: it lasts, and lets nobody in. */
function patienceMs(owner: LockOwner | null, options: BackendOptions): number {
  // it has just gone
  if (owner === null) return briefMs;
  if (!owner.brief && !mayAttach(owner, options)) return 0;
  return owner.socket === undefined ? openingMs : briefMs;
}

/** Two versions of Mitate cannot share one open database: the owner's is not migrated under its feet. */
export async function requireSameSchema({ pool }: Connection, { dir }: Workspace): Promise<void> {
  const owner = readOwner(dir);
  const { newest } = await appliedMigrations(pool);
  if (newest !== newestMigration() && owner !== null) throw lockedError(dir, owner);
}

function mayAttach(owner: LockOwner, { attach }: BackendOptions): boolean {
  return attach === true || (attach === 'server' && owner.serves === true);
}

/** Null when no living process that may be worked through has the database open. */
function attachEmbedded({ dir, db }: Workspace, options: BackendOptions): Backend | null {
  const owner = readOwner(dir);
  if (owner === null || !mayAttach(owner, options) || !isLiving(dir, owner)) return null;
  if (owner.socket === undefined || !existsSync(owner.socket)) throw lockedError(dir, owner);
  const connection = connectSocket(owner.socket);
  return {
    name: db,
    embedded: true,
    connection,
    owns: false,
    ended: () => null,
    alone: false,
    announce() {},
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

async function openEmbedded({ dir, db }: Workspace, options: BackendOptions): Promise<Backend> {
  const command = options.command ?? process.argv.slice(1).join(' ');
  const { lock, previous } = acquireLock(dir, command, {
    brief: options.attach === true,
    serves: options.serves ?? false,
  });
  try {
    if (previous?.database) await untilGone(previous.database);
    const server = await startPGlite(db, (pid) => lock.update({ database: identify(pid) }));
    const connection = connectSocket(server.socket);
    return {
      name: db,
      embedded: true,
      connection,
      owns: true,
      ended: server.ended,
      alone: true,
      announce: () => lock.update({ socket: server.socket }),
      [Symbol.asyncDispose]: () => close(connection, server, lock),
    };
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

async function close(connection: Connection, server: PGliteServer, lock: Lock): Promise<void> {
  try {
    await connection[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  } finally {
    lock[Symbol.dispose]();
  }
}

const goneMs = 10_000;

/** The database process of a killed owner closes by itself within a second; one that does not is ended. */
async function untilGone(database: ProcessIdentity): Promise<void> {
  const deadline = Date.now() + goneMs;
  while (stateOf(database) === 'alive' && Date.now() < deadline) await wait(20);
  if (stateOf(database) === 'alive') process.kill(database.pid, 'SIGKILL');
}
