import { execFile } from 'node:child_process';
import { hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';

/** `user@host`; a container may have no name for its user. */
export function whoAmI(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `${process.getuid?.() ?? 'unknown'}@${hostname()}`;
  }
}

/** The commit that a file's repository is at; null outside one, or without git. */
export function gitCommitOf(file: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile('git', ['rev-parse', 'HEAD'], { cwd: dirname(file), timeout: 5000 }, (error, stdout) =>
      resolve(error ? null : stdout.trim() || null),
    );
  });
}
