import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MitateError } from '../errors/index.ts';
import type { WatchedFile } from '../feedback/triggers/new-data.ts';

const photo = /\.(?:jpe?g|png|webp)$/i;
/** Stats at a time: 8,000 files take 0.2 s. */
const atOnce = 64;

/** Photos below a folder; what is hidden or half written (`.new-...`) is not looked at. @throws TRIGGER_FOLDER_MISSING */
export async function readWatchedFolder(trigger: string, folder: string): Promise<WatchedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw new MitateError('TRIGGER_FOLDER_MISSING', { trigger, folder });
  });
  const paths = entries
    .filter((entry) => entry.isFile() && photo.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.split('/').some((part) => part.startsWith('.')));
  const files: WatchedFile[] = [];
  for (let i = 0; i < paths.length; i += atOnce)
    files.push(...(await Promise.all(paths.slice(i, i + atOnce).map((path) => describe(folder, path)))).flat());
  return files;
}

/** None when it went away meanwhile. */
async function describe(folder: string, path: string): Promise<WatchedFile[]> {
  const found = await stat(join(folder, path)).catch(() => null);
  return found === null ? [] : [{ path, sizeBytes: found.size, changedMs: Math.round(found.mtimeMs) }];
}
