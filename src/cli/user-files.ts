import { chmod, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

let usersMask: number | null = null;

/** What this process and its children make from now on is for its user alone: the workspace has photos of people. */
export function makePrivate(): void {
  usersMask = process.umask(0o077);
}

/** For a command that only makes files of the user's own. */
export function makeAsUser(): void {
  if (usersMask !== null) process.umask(usersMask);
}

/** Files and folders that were made since then, at or below a path that the user named, get the rights that the user's umask gives. */
export async function giveToUser(path: string, sinceMs: number): Promise<void> {
  if (usersMask === null) return;
  const found = await lstat(path).catch(() => null);
  if (found === null || found.isSymbolicLink()) return;
  if (found.isDirectory()) for (const name of await readdir(path)) await giveToUser(join(path, name), sinceMs);
  // clocks of file systems are up to 10 ms behind
  if (found.birthtimeMs >= sinceMs - 10) await chmod(path, (found.isDirectory() ? 0o777 : 0o666) & ~usersMask);
}
