import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { bucketAccess } from '../../config/buckets.ts';
import { isBucket } from '../../contracts/bucket.ts';
import { MitateError } from '../../errors/index.ts';
import type { WatchedFile } from '../../feedback/triggers/new-data.ts';
import { Bucket } from '../../network/bucket/bucket.ts';
import { isClutter } from '../../sources/source-path.ts';

const photo = /\.(?:jpe?g|jfif|png|webp)$/i;
/** Limit of the tick's wait: 300,000 objects at 100 ms per thousand. */
const mostBucketMs = 30_000;
/** Concurrent stats: 8,000 files take 0.2 s. */
const atOnce = 64;

/**
 * Photos below a folder or a bucket prefix, without hidden and partly written files (`.new-...`).
 * @throws TRIGGER_FOLDER_MISSING, TRIGGER_FOLDER_UNREADABLE, BUCKET_*
 */
export async function readWatchedFolder(
  trigger: string,
  folder: string,
  { bucketMs = mostBucketMs }: { bucketMs?: number } = {},
): Promise<WatchedFile[]> {
  return isBucket(folder) ? await listBucket(folder, bucketMs) : await listFolder(trigger, folder);
}

async function listBucket(place: string, mostMs: number): Promise<WatchedFile[]> {
  const files: WatchedFile[] = [];
  const late = AbortSignal.timeout(mostMs);
  try {
    for await (const { name, sizeBytes, etag, changedAt } of new Bucket(place, bucketAccess()).list(late))
      if (isWatched(name.split('/'))) files.push({ path: name, sizeBytes, etag, changedMs: changedAt.getTime() });
  } catch (error) {
    if (!late.aborted) throw error;
    const reason = `not listed within ${mostMs / 1_000} s`;
    throw new MitateError('BUCKET_UNREACHABLE', { place, reason, tries: 1 }, { cause: error });
  }
  return files;
}

async function listFolder(trigger: string, folder: string): Promise<WatchedFile[]> {
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

const isWatched = (parts: readonly string[]) => photo.test(parts.at(-1) ?? '') && !parts.some(isClutter);

/** Empty when it disappeared meanwhile. */
async function describe(folder: string, path: string): Promise<WatchedFile[]> {
  const found = await stat(join(folder, path)).catch(() => null);
  return found?.isFile() ? [{ path, sizeBytes: found.size, changedMs: Math.round(found.mtimeMs) }] : [];
}
