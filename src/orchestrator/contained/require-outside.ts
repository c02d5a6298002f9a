import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MitateError } from '../../errors/index.ts';
import { isInside } from '../../files/is-inside.ts';

/**
 * Checks the parameters that a release gives to built-in components, which read files with the rights of the worker: the workspace has photos and
 * secrets of every project.
 * @param golden the project's own golden sets, which it may read @throws RUN_CODE_DENIED
 */
export function requireOutside(step: string, parameters: unknown, dir: string, goldenDir: string): void {
  const [workspace, golden] = [real(dir), real(goldenDir)];
  for (const text of textsIn(parameters)) {
    const path = real(text.startsWith('file:') ? pathOf(text) : resolve(text));
    const touches = path === workspace || isInside(workspace, path) || isInside(path, workspace);
    if (touches && !isInside(golden, path)) throw new MitateError('RUN_CODE_DENIED', { step, denied: text });
  }
}

function* textsIn(value: unknown): Iterable<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) yield* textsIn(member);
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

const real = (path: string) => (existsSync(path) ? realpathSync(path) : path);
