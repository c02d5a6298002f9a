import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** One per checkout, outside it: a read-only or fresh clone has no place for it. */
export function lockPath(root: string): string {
  return join(tmpdir(), `mitate-prepare-${createHash('sha256').update(root).digest('hex').slice(0, 16)}.lock`);
}

/** Runs `work` while no other `prepare` of the same checkout runs. The lock of a dead process is taken over. */
export async function withLock(root: string, work: () => Promise<void>): Promise<void> {
  const path = lockPath(root);
  while (!(await taken(path))) {
    if (await ownerIsGone(path)) await rm(path, { force: true });
    else await sleep(100);
  }
  try {
    await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function taken(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function ownerIsGone(path: string): Promise<boolean> {
  const pid = Number(await readFile(path, 'utf8').catch(() => ''));
  // Empty: made this instant, its number follows.
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
