import { createHash } from 'node:crypto';
import { type EventKey, eventKey } from '../../contracts/loop/event-key.ts';
import type { FolderMemory } from '../../contracts/loop/trigger.ts';
import type { TriggerEvent } from './trigger-event.ts';

/** A photo in the watched folder or bucket. */
export interface WatchedFile {
  path: string;
  sizeBytes: number;
  changedMs: number;
  /** Buckets only: identifies the content, because copying changes the time. */
  etag?: string;
}

export interface DataCall {
  key: EventKey;
  photos: number;
}

const idBytes = 6;

/** The memory after a run has seen all these files. */
export function memoryOf(files: readonly WatchedFile[]): FolderMemory {
  return { digest: digestOf(files), seen: Buffer.concat(idsOf(files)).toString('base64') };
}

/** The memory with a new digest, while no run has seen the files yet. */
export function withDigest({ seen }: FolderMemory, files: readonly WatchedFile[]): FolderMemory {
  return { seen, digest: digestOf(files) };
}

/** New or changed photos of a folder. Null below `minPhotos`, and while the folder still changes between two calls. */
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

/** One event for all pending calls. */
export function callEvent(minPhotos: number, pending: readonly DataCall[]): TriggerEvent | null {
  const photos = pending.reduce((sum, call) => sum + call.photos, 0);
  const [first, ...others] = pending;
  if (first === undefined || photos < minPhotos) return null;
  return {
    key: first.key,
    why: `${photos} new photo(s) announced in ${pending.length} call(s)`,
    evidence: { photos, calls: pending.length },
    otherwise: 'held',
    covers: others.map(({ key }) => key),
  };
}

/** 48 bits: among 100,000 photos any two collide with probability 2e-5. */
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
