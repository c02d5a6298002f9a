import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { MitateError } from '../../errors/index.ts';
import type { WatchedFile } from '../../feedback/triggers/new-data.ts';
import { isClutter } from '../../sources/source-path.ts';

const photo = /\.(?:jpe?g|jfif|png|webp)$/i;
/** Concurrent stats: 8,000 files take 0.2 s. */
const atOnce = 64;

/** @throws TRIGGER_FOLDER_MISSING, TRIGGER_FOLDER_UNREADABLE */
export async function listFolder(trigger: string, folder: string): Promise<WatchedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new MitateError('TRIGGER_FOLDER_MISSING', { trigger, folder }, { cause: error });
    throw new MitateError('TRIGGER_FOLDER_UNREADABLE', { trigger, folder, reason: message }, { cause: error });
  });
  const paths = entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => isWatched(path.split(sep)));
  const files: WatchedFile[] = [];
  for (let i = 0; i < paths.length; i += atOnce)
    files.push(...(await Promise.all(paths.slice(i, i + atOnce).map((path) => describe(folder, path)))).flat());
  return files;
}

export const isWatched = (parts: readonly string[]) => photo.test(parts.at(-1) ?? '') && !parts.some(isClutter);

/** Empty when it disappeared meanwhile. */
async function describe(folder: string, path: string): Promise<WatchedFile[]> {
  const found = await stat(join(folder, path)).catch(() => null);
  return found?.isFile() ? [{ path, sizeBytes: found.size, changedMs: Math.round(found.mtimeMs) }] : [];
}
