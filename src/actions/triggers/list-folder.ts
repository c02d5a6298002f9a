import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MitateError } from '../../errors/index.ts';
import type { WatchedFile } from '../../feedback/triggers/new-data.ts';
import { isClutter } from '../../sources/source-path.ts';

const photo = /\.(?:jpe?g|jfif|png|webp)$/i;
/** Concurrent stats: 8,000 files take 0.2 s. */
const atOnce = 64;
/** Their memory is 8 MB in the database. */
const mostFiles = 1_000_000;

/** @throws TRIGGER_FOLDER_MISSING, TRIGGER_FOLDER_UNREADABLE */
export async function listFolder(trigger: string, folder: string): Promise<WatchedFile[]> {
  const paths: string[] = [];
  try {
    for await (const path of walk(folder)) if (isWatched(path.split('/'))) paths.push(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new MitateError('TRIGGER_FOLDER_MISSING', { trigger, folder }, { cause: error });
    throw new MitateError('TRIGGER_FOLDER_UNREADABLE', { trigger, folder, reason: message }, { cause: error });
  }
  const files: WatchedFile[] = [];
  for (let i = 0; i < paths.length; i += atOnce)
    files.push(...(await Promise.all(paths.slice(i, i + atOnce).map((path) => describe(folder, path)))).flat());
  return files;
}

/** Paths of files and links below a folder. */
async function* walk(folder: string): AsyncGenerator<string> {
  const folders = [''];
  let files = 0;
  for (let below = folders.pop(); below !== undefined; below = folders.pop())
    for await (const entry of await opendir(join(folder, below), { bufferSize: 256 })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (++files > mostFiles) throw new Error(`it has more than ${mostFiles} files`);
      else if (entry.isFile() || entry.isSymbolicLink()) yield path;
    }
}

export const isWatched = (parts: readonly string[]) => photo.test(parts.at(-1) ?? '') && !parts.some(isClutter);

/** Empty when it disappeared meanwhile. */
async function describe(folder: string, path: string): Promise<WatchedFile[]> {
  const found = await stat(join(folder, path)).catch(() => null);
  return found?.isFile() ? [{ path, sizeBytes: found.size, changedMs: Math.round(found.mtimeMs) }] : [];
}
