import { execFile } from 'node:child_process';
import { hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';

/** `user@host`; the user's id where it has no name, as in some containers. */
export function whoAmI(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `${process.getuid?.() ?? 'unknown'}@${hostname()}`;
  }
}

/** Current commit of the file's repository; null outside a repository or without git. */
export function gitCommitOf(file: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile('git', ['rev-parse', 'HEAD'], { cwd: dirname(file), timeout: 5000 }, (error, stdout) =>
      resolve(error ? null : stdout.trim() || null),
    );
  });
}
