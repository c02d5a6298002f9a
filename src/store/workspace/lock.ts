import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../codecs/digest.ts';
import { MitateError } from '../../errors/index.ts';
import { identify, type ProcessIdentity, stateOf } from './process-identity.ts';

/** What the file `lock` says. */
export interface LockOwner extends ProcessIdentity {
  token: string;
  command: string;
  since: string;
  /** A command that only looks: it is done in a moment, and worth waiting for. */
  brief?: boolean;
  /** Stays for long, and lets others work through its database. */
  serves?: boolean;
  /** The owner's database process: a later owner waits until it is gone. */
  database?: ProcessIdentity;
  /** Where that one listens, for commands that only look. */
  socket?: string;
}

export interface Lock extends Disposable {
  /** Adds to what the lock file says. */
  update(extra: Partial<Pick<LockOwner, 'database' | 'socket'>>): void;
}

const heartbeatMs = 10_000;
/** An owner on another host (a container of its own) is taken for dead after 6 missed heartbeats. */
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
  const age = Date.now() - (statSync(join(dir, 'lock'), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return age < silentMs;
}

export function lockedError(dir: string, owner: LockOwner): MitateError {
  const { pid, host, command, since } = owner;
  return new MitateError('WORKSPACE_LOCKED', { path: dir, pid, host, command, since });
}

/**
 * Takes the workspace for this process. A lock whose owner is dead is taken over.
 * @throws WORKSPACE_LOCKED naming the living owner
 * @returns the lock, and the dead owner it was taken from
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

/** A hard link appears with its content or not at all, and never replaces a file. */
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

/** exFAT and some network folders have no hard links. */
function placeWithoutLinks(from: string, to: string): boolean {
  try {
    writeFileSync(to, readFileSync(from), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Two processes may see the same dead owner: the claim, named after it, lets one of them through. */
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
    // the folder went away: closing says so
  }
}
