import { bucketAccess } from '../../config/buckets.ts';
import { isBucket } from '../../contracts/bucket.ts';
import type { FolderMemory } from '../../contracts/loop/trigger.ts';
import { MitateError } from '../../errors/index.ts';
import { memoryOf, type WatchedFile } from '../../feedback/triggers/new-data.ts';
import { Bucket } from '../../network/bucket/bucket.ts';
import { askOnce } from '../../processes/ask-once.ts';
import { childEntry } from '../../processes/child-entry.ts';
import { isWatched } from './list-folder.ts';
import type { ListFolder } from './list-folder-process.ts';

/** Limit of the tick's wait: 300,000 objects of a bucket at 100 ms per thousand. */
const mostMs = 30_000;
const entry = childEntry('./list-folder-process.ts', import.meta.url);

/**
 * Photos below a folder or a bucket prefix, without hidden and partly written files (`.new-...`).
 * @throws TRIGGER_FOLDER_MISSING, TRIGGER_FOLDER_UNREADABLE, BUCKET_*
 */
export async function readWatchedFolder(
  trigger: string,
  folder: string,
  { timeoutMs = mostMs }: { timeoutMs?: number } = {},
): Promise<WatchedFile[]> {
  if (isBucket(folder)) return await listBucket(folder, timeoutMs);
  const died = ({ reason }: { reason: string }) =>
    new MitateError('TRIGGER_FOLDER_UNREADABLE', { trigger, folder, reason });
  return await askOnce<ListFolder, WatchedFile[]>(entry, { trigger, folder }, { timeoutMs, died });
}

/** What is there now, as seen. @param list of a folder on disk. Default: in a process of its own @throws as `readWatchedFolder` */
export async function lookAtFolder(trigger: string, folder: string, list = readWatchedFolder): Promise<FolderMemory> {
  return memoryOf(await (isBucket(folder) ? readWatchedFolder : list)(trigger, folder));
}

async function listBucket(place: string, timeoutMs: number): Promise<WatchedFile[]> {
  const files: WatchedFile[] = [];
  const late = AbortSignal.timeout(timeoutMs);
  try {
    for await (const { name, sizeBytes, etag, changedAt } of new Bucket(place, bucketAccess()).list(late))
      if (isWatched(name.split('/'))) files.push({ path: name, sizeBytes, etag, changedMs: changedAt.getTime() });
  } catch (error) {
    if (!late.aborted) throw error;
    const reason = `not listed within ${timeoutMs / 1_000} s`;
    throw new MitateError('BUCKET_UNREACHABLE', { place, reason, tries: 1 }, { cause: error });
  }
  return files;
}
