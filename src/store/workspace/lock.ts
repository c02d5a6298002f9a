import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sha256 } from '../../codecs/digest.ts';
import { MitateError } from '../../errors/index.ts';
import { identify, type ProcessIdentity, stateOf } from './process-identity.ts';

/** Content of the file `lock`. */
export interface LockOwner extends ProcessIdentity {
  token: string;
  command: string;
  since: string;
  /** A short read-only command: worth waiting for. */
  brief?: boolean;
  /** Long-running; others may attach to its database. */
  serves?: boolean;
  /** It completes what is in progress and then releases the workspace: worth waiting for. */
  stopping?: boolean;
  /** The owner's database process: the next owner waits until it ends. */
  database?: ProcessIdentity;
  /** Socket of the database process, for attached commands. */
  socket?: string;
}

export interface Lock extends Disposable {
  /** Adds to the content of the lock file. */
  update(extra: Partial<Pick<LockOwner, 'database' | 'socket' | 'stopping'>>): void;
}

const heartbeatMs = 10_000;
/** An owner on another host (for example in another container) counts as dead after 6 missed heartbeats. */
const silentMs = 6 * heartbeatMs;

export function readOwner(dir: string): LockOwner | null {
  try {
    return JSON.parse(readFileSync(join(dir, 'lock'), 'utf8')) as LockOwner;
  } catch {
    return null;
  }
}

export function isLiving(dir: string, owner: LockOwner): boolean {
  const state = stateOf(owner);
  if (state !== 'unknown') return state === 'alive';
  return Date.now() - beatAt(dir) < silentMs;
}

const beatAt = (dir: string) => statSync(join(dir, 'lock'), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/**
 * Gives an owner on another host that seems dead the time for a heartbeat: a clock that was set forward makes a living one look silent.
 * @throws WORKSPACE_LOCKED
 */
export async function awaitHeartbeat(dir: string): Promise<void> {
  const owner = readOwner(dir);
  if (owner === null || stateOf(owner) !== 'unknown' || isLiving(dir, owner)) return;
  const before = beatAt(dir);
  await wait(1.5 * heartbeatMs);
  if (beatAt(dir) !== before) throw lockedError(dir, owner);
}

export function lockedError(dir: string, owner: LockOwner): MitateError {
  const { pid, host, command, since } = owner;
  return new MitateError('WORKSPACE_LOCKED', { path: dir, pid, host, command, since });
}

/**
 * Locks the workspace for this process; takes over the lock of a dead owner.
 * @throws WORKSPACE_LOCKED with the living owner
 * @returns the lock, and the dead owner if there was one
 */
export function acquireLock(
  dir: string,
  command: string,
  { brief = false, serves = false }: Pick<LockOwner, 'brief' | 'serves'> = {},
): { lock: Lock; previous: LockOwner | null } {
  const owner: LockOwner = {
    ...identify(),
    token: randomUUID(),
    command,
    brief,
    serves,
    since: new Date().toISOString(),
  };
  const path = join(dir, 'lock');
  const own = `${path}.${owner.token}`;
  writeFileSync(own, JSON.stringify(owner));
  try {
    if (place(own, path)) return { lock: hold(dir, owner), previous: null };
    const previous = takeOver(dir, own);
    return { lock: hold(dir, owner), previous };
  } finally {
    rmSync(own, { force: true });
  }
}

/** A hard link appears with its content, atomically, and never replaces a file. */
function place(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    return placeWithoutLinks(from, to);
  }
}

/** exFAT and some network file systems have no hard links. */
function placeWithoutLinks(from: string, to: string): boolean {
  try {
    writeFileSync(to, readFileSync(from), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Two processes may see the same dead owner: only one can create the claim, which is named after it. */
function takeOver(dir: string, own: string): LockOwner | null {
  const path = join(dir, 'lock');
  const before = readText(path);
  const previous = readOwner(dir);
  if (previous !== null && isLiving(dir, previous)) throw lockedError(dir, previous);
  const claim = `${path}.claim-${sha256(before).slice(0, 16)}`;
  if (!place(own, claim)) return claimTaken(dir, claim, own);
  try {
    if (readText(path) !== before) throw lockedError(dir, readOwner(dir) ?? JSON.parse(readText(own)));
    renameSync(own, path);
    return previous;
  } finally {
    rmSync(claim, { force: true });
  }
}

function claimTaken(dir: string, claim: string, own: string): LockOwner | null {
  const text = readText(claim);
  const claimant = text === '' ? null : (JSON.parse(text) as LockOwner);
  if (claimant !== null && stateOf(claimant) !== 'dead') throw lockedError(dir, claimant);
  rmSync(claim, { force: true });
  return takeOver(dir, own);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function hold(dir: string, owner: LockOwner): Lock {
  const path = join(dir, 'lock');
  const isMine = () => readOwner(dir)?.token === owner.token;
  const release = () => {
    clearInterval(heartbeat);
    process.off('exit', release);
    if (isMine()) rmSync(path, { force: true });
  };
  const heartbeat = setInterval(() => beat(path), heartbeatMs).unref();
  process.on('exit', release);
  return {
    update(extra) {
      Object.assign(owner, extra);
      const temporary = `${path}.${owner.token}`;
      writeFileSync(temporary, JSON.stringify(owner));
      renameSync(temporary, path);
    },
    [Symbol.dispose]: release,
  };
}

function beat(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // the folder was removed: closing reports it
  }
}
