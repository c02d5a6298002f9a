import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** The start time distinguishes a process from a later one with the same pid. */
export interface ProcessIdentity {
  pid: number;
  host: string;
  /** Null where the system does not report it (not Linux). */
  started: string | null;
}

/** Start time of a living process: boot id and clock ticks since boot (/proc/PID/stat, field 22). */
export function processStarted(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the command in field 2 may contain spaces and brackets: count from the last ")"
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return ticks === undefined ? null : `${boot}:${ticks}`;
  } catch {
    return null;
  }
}

export function identify(pid: number = process.pid): ProcessIdentity {
  return { pid, host: hostname(), started: processStarted(pid) };
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** `unknown`: a process on another host. */
export function stateOf(identity: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  if (identity.host !== hostname()) return 'unknown';
  if (!exists(identity.pid)) return 'dead';
  const started = processStarted(identity.pid);
  if (identity.started !== null && started !== null && started !== identity.started) return 'dead';
  return isZombie(identity.pid) ? 'dead' : 'alive';
}

function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat[stat.lastIndexOf(')') + 2] === 'Z';
  } catch {
    return false;
  }
}
