import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isBelow, isUrl } from '../../codecs/url-place.ts';
import { MitateError } from '../../errors/index.ts';
import { isInside } from '../../files/is-inside.ts';
import { mayTouch, realStart } from '../../files/may-touch.ts';

/**
 * Checks the parameters that a release gives to built-in components, which read files with the rights of the worker: the workspace has photos and
 * secrets of every project, and a bucket what the worker's credentials open.
 * @param allowed.golden the project's own golden sets, which it may read
 * @param allowed.own folder of its own files, which it may read; null = this component writes there
 * @param allowed.reads places that released code may read
 * @throws RUN_CODE_DENIED
 */
export function requireOutside(
  step: string,
  parameters: unknown,
  dir: string,
  allowed: { golden: string; own: string | null; reads: readonly string[] },
): void {
  const workspace = realStart(dir);
  const readable = [allowed.golden, allowed.own].flatMap((folder) => (folder === null ? [] : realStart(folder)));
  for (const text of textsIn(parameters)) {
    const isFile = !isUrl(text) || text.startsWith('file:');
    const path = realStart(text.startsWith('file:') ? pathOf(text) : resolve(text));
    const isDenied = isFile
      ? mayTouch(path, workspace) && !readable.some((folder) => isInside(folder, path))
      : !allowed.reads.some((place) => isUrl(place) && isBelow(place, text));
    if (isDenied) throw new MitateError('RUN_CODE_DENIED', { step, denied: text });
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
