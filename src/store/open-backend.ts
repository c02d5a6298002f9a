import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type Logger, silentLogger } from '../contracts/logger.ts';
import { isMitateError, MitateError } from '../errors/index.ts';
import { type Connection, connectSocket, connectUrl, publicUrl } from './database/connect.ts';
import type { FailedDatabase } from './database/database-error.ts';
import { appliedMigrations, newestMigration } from './database/migrate.ts';
import { type PGliteServer, startPGlite } from './database/pglite.ts';
import {
  acquireLock,
  awaitHeartbeat,
  isLiving,
  type Lock,
  type LockOwner,
  lockedError,
  readOwner,
} from './workspace/lock.ts';
import { identify, type ProcessIdentity, stateOf } from './workspace/process-identity.ts';
import type { Workspace } from './workspace/workspace.ts';

export interface BackendOptions {
  /** `postgres://...`; absent = the embedded database inside the workspace. */
  databaseUrl?: string;
  /** Shown to others who find the workspace locked. Default: this process' command line. */
  command?: string;
  /**
   * When another process has the embedded database open, attach to it instead of failing. `server`: attach only to a process that
   * `serves`, for long-running commands: any other may end and take its database with it.
   */
  attach?: boolean | 'server';
  /** Long-running: other long-running commands may attach. */
  serves?: boolean;
  /** Told when the embedded database ends and starts again. Default: nobody. */
  logger?: Logger;
}

/** The database of a store, and how it was opened. */
export interface Backend extends AsyncDisposable, FailedDatabase {
  connection: Connection;
  /** May migrate; false when attached to another process. */
  owns: boolean;
  /** No other process can change it. */
  alone: boolean;
  /** Resolves when the embedded database has ended for good, or the process that it belongs to has. */
  lost: Promise<MitateError>;
  /** Lets others attach, after migration and after failing the runs of a killed owner. */
  announce(): void;
  /** Before a long shutdown: commands that need the workspace wait for it instead of failing. */
  leave(): void;
}

/**
 * @param deadline in milliseconds of `performance.now()`; limits the waiting for other processes
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
      lost: never,
      announce() {},
      leave() {},
      [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
    };
  }
  return openWhenFree(workspace, options, deadline);
}

const never = new Promise<never>(() => {});

/** A read-only command or a closing owner ends within this time. */
export const briefMs = 10_000;
/** A stopping server has 30 s for requests in flight. */
const stoppingMs = 40_000;
/** A first start takes 2.7 s of CPU time: 22 s beside ten busy processes on 2 cores. */
export const openingMs = 60_000;

/** Waits for a living owner; starts over when another process takes its place or it has finished opening. */
async function openWhenFree(workspace: Workspace, options: BackendOptions, deadline: number): Promise<Backend> {
  let [seen, since] = ['', performance.now()];
  for (;;) {
    try {
      return attachEmbedded(workspace, options) ?? (await openEmbedded(workspace, options));
    } catch (error) {
      const owner = readOwner(workspace.dir);
      const found = `${owner?.token} ${owner?.socket}`;
      if (found !== seen) [seen, since] = [found, performance.now()];
      const until = Math.min(deadline, since + patienceMs(owner, options));
      if (!isMitateError(error, 'WORKSPACE_LOCKED') || performance.now() >= until) throw error;
      await wait(50);
    }
  }
}

/** 0 = do not wait: the owner is long-running and cannot be attached to. */
function patienceMs(owner: LockOwner | null, options: BackendOptions): number {
  // it has just ended
  if (owner === null) return briefMs;
  if (owner.stopping) return stoppingMs;
  if (!owner.brief && !mayAttach(owner, options)) return 0;
  return owner.socket === undefined ? openingMs : briefMs;
}

/** Two versions of Mitate cannot share an open database: do not migrate it while the owner uses it. */
export async function requireSameSchema({ pool }: Connection, { dir }: Workspace): Promise<void> {
  const owner = readOwner(dir);
  const { newest } = await appliedMigrations(pool);
  if (newest !== newestMigration() && owner !== null) throw lockedError(dir, owner);
}

function mayAttach(owner: LockOwner, { attach }: BackendOptions): boolean {
  return attach === true || (attach === 'server' && owner.serves === true);
}

/** Null when no running process that allows it has the database open. */
function attachEmbedded({ dir, db }: Workspace, options: BackendOptions): Backend | null {
  const owner = readOwner(dir);
  if (owner === null || !mayAttach(owner, options) || !isLiving(dir, owner)) return null;
  if (owner.socket === undefined || !existsSync(owner.socket)) throw lockedError(dir, owner);
  const connection = connectSocket(owner.socket);
  const watch = watchOwner(dir, db, owner);
  return {
    name: db,
    embedded: true,
    connection,
    owns: false,
    ended: () => null,
    alone: false,
    lost: watch.lost,
    announce() {},
    leave() {},
    [Symbol.asyncDispose]: () => {
      watch[Symbol.dispose]();
      return connection[Symbol.asyncDispose]();
    },
  };
}

const watchMs = 2_000;

/** The next owner may have another version of the schema: it is not attached to. */
function watchOwner(dir: string, db: string, { token, pid, command }: LockOwner) {
  const { promise: lost, resolve } = Promise.withResolvers<MitateError>();
  const look = () => {
    const owner = readOwner(dir);
    if (owner?.token === token && isLiving(dir, owner)) return;
    resolve(
      new MitateError('DATABASE_STOPPED', {
        path: db,
        reason: `it belonged to process ${pid} (${command}), which ended`,
      }),
    );
  };
  const timer = setInterval(look, watchMs).unref();
  return { lost, [Symbol.dispose]: () => clearInterval(timer) };
}

async function openEmbedded({ dir, db }: Workspace, options: BackendOptions): Promise<Backend> {
  const command = options.command ?? process.argv.slice(1).join(' ');
  await awaitHeartbeat(dir);
  const { lock, previous } = acquireLock(dir, command, {
    brief: options.attach === true,
    serves: options.serves ?? false,
  });
  try {
    if (previous?.database) await untilGone(previous.database);
    const server = await startPGlite(db, {
      onStart: (pid) => lock.update({ database: identify(pid) }),
      logger: options.logger ?? silentLogger,
    });
    const connection = connectSocket(server.socket);
    return {
      name: db,
      embedded: true,
      connection,
      owns: true,
      ended: server.ended,
      alone: true,
      lost: server.lost,
      announce: () => lock.update({ socket: server.socket }),
      leave: () => readOwner(dir) && lock.update({ stopping: true }),
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

/** The database process of a killed owner closes by itself within a second; otherwise it is killed. */
async function untilGone(database: ProcessIdentity): Promise<void> {
  const deadline = performance.now() + goneMs;
  while (stateOf(database) === 'alive' && performance.now() < deadline) await wait(20);
  if (stateOf(database) === 'alive') process.kill(database.pid, 'SIGKILL');
}
