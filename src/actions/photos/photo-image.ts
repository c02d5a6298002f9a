import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PhotoIndex, ShardPlace } from '../../artifacts/examples/photo-index/open.ts';
import { sha256 as sha256Of } from '../../codecs/digest.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import { MitateError } from '../../errors/index.ts';
import { writeWhole } from '../../files/write-whole.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import { Semaphore } from '../../processes/semaphore.ts';
import { localImages } from '../../store/images/image-store.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { findDataSet } from '../datasets/find-data-set.ts';
import { originsOf } from '../datasets/photo-origin.ts';
import { askPhotoProcess } from './in-child-process.ts';
import type { DataStore } from './list-photos.ts';
import { openPhotoIndex } from './open-index.ts';
import { newestDataSets } from './show-photo.ts';

export interface ImageRequest {
  sha256: string;
  /** Longest side, pixels. */
  size: number;
  /** Data set. Default: the newest of each pipeline. */
  data?: string | undefined;
  /** The caller may see photos of predictions. */
  mayLabel: boolean;
}

export interface PhotoImage {
  /** JPEG. */
  bytes: Uint8Array;
  /** The photo is in a data set; one that only predictions have is deleted when its retention ends. */
  isData: boolean;
}

type Store = DataStore & Pick<OpenStore, 'getArtifact' | 'requests'>;
/** Of photos of data sets; `mitate log erase` and `mitate gc` delete from it. */
export const thumbnailsFolder = (cacheDir: string) => join(cacheDir, 'thumbnails');
export const thumbnailFile = (
  { workspace, project }: Pick<OpenStore, 'workspace' | 'project'>,
  sha256: string,
  size: number,
) => join(thumbnailsFolder(workspace.cache), project, sha256.slice(0, 2), `${sha256}-${size}.jpg`);

/** Screens ask for a hundred at once; a photo in memory is up to 20 MB. */
const fewAtATime = new Semaphore(4, 1_000);
const deadlineMs = 60_000;

/**
 * A photo as a small JPEG: from the cache, else made in an inference process.
 * @throws PHOTO_UNKNOWN, PHOTO_GONE, DATA_NOT_FOUND, EXAMPLES_CORRUPT, INFERENCE_*, SERVER_BUSY
 */
export async function photoImage(
  store: Store,
  { thumbnail }: { thumbnail: InferencePool['thumbnail'] },
  { sha256, size, data, mayLabel }: ImageRequest,
): Promise<PhotoImage> {
  const found = await findIn(store, sha256, data);
  if (found === null)
    return { bytes: await ofPredictions(store, thumbnail, { sha256, size, mayLabel, data }), isData: false };
  const file = thumbnailFile(store, sha256, size);
  const cached = await readFile(file).catch(() => null);
  if (cached) return { bytes: cached, isData: true };
  return await fewAtATime.run(async () => {
    const bytes = await thumbnail(await bytesOf(found, sha256), size, { subject: sha256, deadlineMs });
    await writeWhole(file, bytes, 0o600);
    return { bytes, isData: true };
  });
}

interface Found {
  artifact: StoredArtifact;
  index: PhotoIndex;
  at: number;
}

async function findIn(store: Store, sha256: string, data: string | undefined): Promise<Found | null> {
  for (const artifact of data === undefined ? await newestDataSets(store) : [await named(store, data)]) {
    const index = await openPhotoIndex(store, artifact);
    const at = index.position(sha256);
    if (at >= 0) return { artifact, index, at };
  }
  return null;
}

/** Tiles name it by its whole id: one look into the index of the database. */
async function named(store: Store, data: string): Promise<StoredArtifact> {
  const artifact = await store.getArtifact(data);
  return artifact?.type === 'Examples' && artifact.deletedAt === null
    ? artifact
    : await findDataSet(store, 'Examples', data);
}

async function ofPredictions(
  { requests, workspace, project }: Store,
  thumbnail: InferencePool['thumbnail'],
  { sha256, size, data, mayLabel }: ImageRequest,
): Promise<Uint8Array> {
  const unknown = () =>
    new MitateError('PHOTO_UNKNOWN', { sha256, where: data === undefined ? `project ${project}` : `data set ${data}` });
  if (!mayLabel || data !== undefined) throw unknown();
  const [logged] = await requests.listRequests({ imageSha256: sha256, limit: 1 });
  if (!logged) throw unknown();
  const bytes = logged.imageKept ? await localImages(workspace.images).get(project, sha256) : null;
  if (bytes === null)
    throw new MitateError('PHOTO_GONE', { sha256, reason: 'its endpoint did not keep it, or not so long' });
  return await fewAtATime.run(() => thumbnail(bytes, size, { subject: sha256, deadlineMs }));
}

/** The photo's own file where it still is, else its copy in the data set. */
async function bytesOf({ artifact, index, at }: Found, sha256: string): Promise<Uint8Array> {
  const [line] = await index.read([at]);
  const { filename, sizeBytes } = line!;
  const { file } = originsOf(artifact.properties)(filename);
  const bytes = file === null ? null : await readOfSize(file, sizeBytes).catch(() => null);
  if (bytes && sha256Of(bytes) === sha256) return bytes;
  const copy = await readCopy(artifact.uri, index, at, sha256);
  if (copy) return copy;
  throw new MitateError('PHOTO_GONE', { sha256, reason: 'it is no longer in the data set' });
}

/** Whatever is at its place now: nothing larger, and no pipe, is read. */
async function readOfSize(file: string, bytes: number): Promise<Uint8Array | null> {
  const found = await stat(file);
  return found.isFile() && found.size === bytes ? await readFile(file) : null;
}

interface Batch {
  wanted: [number, string][];
  photos: Promise<Map<string, Uint8Array>>;
}
/** By shard: tiles of a screen are neighbours in the data set. As many photos as are made at a time. */
const batches = new Map<string, Batch>();
const batchMs = 30;

async function readCopy(uri: string, index: PhotoIndex, at: number, sha256: string): Promise<Uint8Array | undefined> {
  const { split, shard, record } = index.placeOf(at);
  const key = `${uri}\n${split}\n${shard}`;
  let batch = batches.get(key);
  if (!batch) {
    batch = startBatch(key, { uri, place: { split, shard }, shards: index.shardsOf(split) });
    batches.set(key, batch);
  }
  batch.wanted.push([record, sha256]);
  return (await batch.photos).get(sha256);
}

function startBatch(key: string, read: { uri: string; place: Omit<ShardPlace, 'record'>; shards: number }): Batch {
  const wanted: Batch['wanted'] = [];
  const batch: Batch = {
    wanted,
    photos: new Promise((resolve) => setTimeout(resolve, batchMs)).then(() => {
      batches.delete(key);
      return askPhotoProcess<Map<string, Uint8Array>>({ kind: 'shard', ...read, wanted });
    }),
  };
  return batch;
}
