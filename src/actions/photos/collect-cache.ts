import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { photoIndexesFolder } from '../../artifacts/examples/photo-index/files.ts';
import { dayMs } from '../../codecs/duration.ts';
import { thumbnailsFolder } from './photo-image.ts';

const oldMs = 30 * dayMs;

/** Removes indexes of data sets that are not kept, and small copies of photos older than 30 days: both are made again when they are asked for. */
export async function collectPhotoCache(cacheDir: string, kept: ReadonlySet<string>): Promise<void> {
  const indexes = photoIndexesFolder(cacheDir);
  for (const name of await readdir(indexes).catch(() => []))
    if (!kept.has(name.slice(0, 64))) await rm(join(indexes, name), { recursive: true, force: true });
  const thumbnails = thumbnailsFolder(cacheDir);
  for (const entry of await readdir(thumbnails, { recursive: true, withFileTypes: true }).catch(() => [])) {
    const path = join(entry.parentPath, entry.name);
    const found = entry.isFile() ? await stat(path).catch(() => null) : null;
    if (found && Date.now() - found.mtimeMs > oldMs) await rm(path, { force: true });
  }
}
