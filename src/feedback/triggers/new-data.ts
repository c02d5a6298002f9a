import { createHash } from 'node:crypto';
import { type EventKey, eventKey } from '../../contracts/loop/event-key.ts';
import type { FolderMemory } from '../../contracts/loop/trigger.ts';
import type { TriggerEvent } from './trigger-event.ts';

/** A photo as it lies in the watched folder or bucket: its path in it, size and time of change. */
export interface WatchedFile {
  path: string;
  sizeBytes: number;
  changedMs: number;
  /** In a bucket, where what is copied again has another time, it says whether a photo is the same. */
  etag?: string;
}

/** The API said that there is new data. */
export interface DataCall {
  key: EventKey;
  photos: number;
}

const idBytes = 6;

/** What is remembered once all these files were seen. */
export function remember(files: readonly WatchedFile[]): FolderMemory {
  return { digest: digestOf(files), seen: Buffer.concat(idsOf(files)).toString('base64') };
}

/** What is remembered of files that are there, but that no run has seen yet. */
export function lookedAt({ seen }: FolderMemory, files: readonly WatchedFile[]): FolderMemory {
  return { seen, digest: digestOf(files) };
}

/**
 * New or changed photos of a folder. Null while there are fewer than `minPhotos`, or when they are not as they were at the last look: then they
 * are still arriving.
 */
export function folderEvent(
  { folder, minPhotos }: { folder: string; minPhotos: number },
  memory: FolderMemory,
  files: readonly WatchedFile[],
): TriggerEvent | null {
  const fresh = countNew(memory, files);
  const digest = digestOf(files);
  if (fresh < minPhotos || digest !== memory.digest) return null;
  return {
    key: eventKey('folder', digest),
    why: `${fresh} new photo(s) in ${folder}`,
    evidence: { folder, photos: fresh, all: files.length, digest },
    otherwise: 'held',
    covers: [],
  };
}

export function countNew({ seen }: FolderMemory, files: readonly WatchedFile[]): number {
  const bytes = Buffer.from(seen, 'base64');
  const known = new Set<string>();
  for (let i = 0; i < bytes.length; i += idBytes) known.add(bytes.toString('hex', i, i + idBytes));
  return idsOf(files).filter((id) => !known.has(id.toString('hex'))).length;
}

/** All calls that wait, together. */
export function callEvent(minPhotos: number, waiting: readonly DataCall[]): TriggerEvent | null {
  const photos = waiting.reduce((sum, call) => sum + call.photos, 0);
  const [first, ...others] = waiting;
  if (first === undefined || photos < minPhotos) return null;
  return {
    key: first.key,
    why: `${photos} new photo(s) announced in ${waiting.length} call(s)`,
    evidence: { photos, calls: waiting.length },
    otherwise: 'held',
    covers: others.map(({ key }) => key),
  };
}

/** 2^-48 a pair: two of 100,000 photos are taken for one with a chance of 2 in 100,000. */
function idsOf(files: readonly WatchedFile[]): Buffer[] {
  return files.map(({ path, sizeBytes, changedMs, etag }) =>
    createHash('sha256')
      .update(`${path}\0${sizeBytes}\0${etag ?? changedMs}`)
      .digest()
      .subarray(0, idBytes),
  );
}

function digestOf(files: readonly WatchedFile[]): string {
  const hash = createHash('sha256');
  for (const id of idsOf(files).toSorted(Buffer.compare)) hash.update(id);
  return hash.digest('hex').slice(0, 32);
}
