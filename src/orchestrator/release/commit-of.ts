import { execFile } from 'node:child_process';
import { projectRoot } from './project-root.ts';

/**
 * The commit that contains exactly these files; null outside a repository, without git, and where one of them has uncommitted changes.
 * @param file path of the pipeline file
 * @param paths of all files, relative to the project's folder
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
