import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bucketAccess } from '../../config/buckets.ts';
import { isBucket } from '../../contracts/bucket.ts';
import type { FolderMemory } from '../../contracts/loop/trigger.ts';
import { MitateError } from '../../errors/index.ts';
import { memoryOf, type WatchedFile } from '../../feedback/triggers/new-data.ts';
import { Bucket } from '../../network/bucket/bucket.ts';
import { isClutter } from '../../sources/source-path.ts';

const photo = /\.(?:jpe?g|jfif|png|webp)$/i;
/** Limit of the tick's wait: 300,000 objects at 100 ms per thousand. */
const mostBucketMs = 30_000;
/** Their memory is 8 MB in the database. */
const mostFiles = 1_000_000;
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

/** What is there now, as seen. @throws as `readWatchedFolder` */
export async function lookAtFolder(trigger: string, folder: string): Promise<FolderMemory> {
  return memoryOf(await readWatchedFolder(trigger, folder));
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

/** Paths of files and links below a folder, read piece by piece, so that other work runs in between. */
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

const isWatched = (parts: readonly string[]) => photo.test(parts.at(-1) ?? '') && !parts.some(isClutter);

/** Empty when it disappeared meanwhile. */
async function describe(folder: string, path: string): Promise<WatchedFile[]> {
  const found = await stat(join(folder, path)).catch(() => null);
  return found?.isFile() ? [{ path, sizeBytes: found.size, changedMs: Math.round(found.mtimeMs) }] : [];
}
