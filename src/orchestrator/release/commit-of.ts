import { execFile } from 'node:child_process';
import { projectRoot } from './project-root.ts';

/**
 * The commit that holds these very files; null outside a repository, without git, and where one of them was changed since, or was never
 * committed.
 * @param file the pipeline's
 * @param paths of all files, from the project's folder
 */
export async function commitOf(file: string, paths: readonly string[]): Promise<string | null> {
  const git = (...args: string[]) =>
    new Promise<string | null>((resolve) => {
      execFile('git', args, { cwd: projectRoot(file), timeout: 5_000 }, (error, stdout) =>
        resolve(error ? null : stdout.trim()),
      );
    });
  const literal = paths.map((path) => `:(literal)${path}`);
  const changed = await git('status', '--porcelain', '--untracked-files=all', '--ignored', '--', ...literal);
  return changed === '' ? (await git('rev-parse', 'HEAD')) || null : null;
}
