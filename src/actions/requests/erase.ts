import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../codecs/digest.ts';
import type { Config } from '../../config/index.ts';
import type { Logger } from '../../contracts/logger.ts';
import { MitateError } from '../../errors/index.ts';
import { type ErasedPhoto, erasePhoto } from '../../orchestrator/erase/erase-photo.ts';
import { openJournal } from '../../serving/journal/journal.ts';
import { archivedFiles, eraseFromParquet } from '../../serving/log/export/erase-rows.ts';
import { localArtifacts } from '../../store/artifacts/fs.ts';
import { fileSha256 } from '../../store/artifacts/tree-digest.ts';
import { localImages } from '../../store/images/image-store.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { readServerFile } from '../../store/workspace/server-file.ts';
import { withStore } from '../with-store.ts';
import { eraseFromCaches } from './erase-caches.ts';
import { eraseCopies } from './erase-copies.ts';

export interface EraseOrder {
  /** A photo: its file, or the sha256 of its bytes. */
  image?: string;
  /** A request, by the id that its client got; with its photo, unless another request sent the same one. */
  request?: string;
  why: string;
  who: string;
  /** Exported Parquet files that are to be rewritten too. */
  files?: readonly string[];
}

export interface Erased {
  requests: string[];
  images: string[];
  /** Rows deleted from the database. */
  rows: number;
  /** Parquet files written anew, and how many rows each had. */
  files: { path: string; rows: number }[];
  /** Of the flywheel's spans and golden sets: files that are gone. */
  copies: string[];
  photos: (ErasedPhoto & { image: string })[];
  /** Cached embeddings and answers. */
  embeddings: number;
  /** Made before, they still hold it: delete them, or restore none of them. */
  backups: string[];
}

/**
 * Takes a photo or a request out of all that the workspace keeps for the project: log, photos, Parquet files, examples, embeddings, reports, warm-up
 * requests. What stays is a hash, so that it is not taken in again, and the names of the models that were trained on it.
 * @throws ERASE_NOTHING_NAMED, ERASE_DURING_RUN, REQUEST_UNKNOWN
 */
export async function eraseFromLog(config: Config, order: EraseOrder, logger: Logger): Promise<Erased> {
  if ((order.image === undefined) === (order.request === undefined)) throw new MitateError('ERASE_NOTHING_NAMED', {});
  return await withStore(config, { attach: 'server' }, async (store) => {
    if (readServerFile(store.workspace.dir) === null) await drainJournal(store, logger);
    return await erase(store, order);
  });
}

/** The same, in an open store. */
export async function erase(store: OpenStore, order: EraseOrder): Promise<Erased> {
  await requireNoRun(store);
  const { who, why } = order;
  const first = await named(store, order);
  const rows = await store.requests.eraseRequests(first, { who, why });
  // its tombstone is there: no export that runs now takes it
  const { copies, images } = await eraseCopies(store, first.images);
  const what = { ...first, images: [...new Set([...first.images, ...images])] };
  await store.requests.eraseRequests({ publicIds: [], images: what.images }, { who, why });
  const { workspace, project } = store;
  const photos = localImages(workspace.images);
  for (const image of what.images) await photos.delete(project, image);
  const files = await eraseFromFiles([...(await archivedFiles(workspace.log, project)), ...(order.files ?? [])], what);
  const artifacts = localArtifacts(workspace.artifacts);
  const change = { who, why: `without an erased photo: ${why}` };
  const erased: Erased['photos'] = [];
  for (const image of what.images) erased.push({ image, ...(await erasePhoto(store, artifacts, image, change)) });
  const embeddings = await eraseFromCaches(workspace.cache, new Set(what.images));
  const details = { why, rows, files, copies: copies.length, artifacts: erased.flatMap(({ replaced }) => replaced) };
  await store.access.audit({
    project,
    who,
    action: 'log.erase',
    subject: hashes(store, what),
    details,
    requestId: null,
  });
  const backups = (await readdir(workspace.backups).catch(() => [])).map((name) => join(workspace.backups, name));
  return { requests: what.publicIds, images: what.images, rows, files, copies, photos: erased, embeddings, backups };
}

interface Named {
  publicIds: string[];
  images: string[];
}

async function named({ requests }: OpenStore, { image, request }: EraseOrder): Promise<Named> {
  if (image !== undefined) return { publicIds: [], images: await samePictures(requests, await shaOf(image)) };
  const found = await requests.getRequest(request!);
  if (found === null) throw new MitateError('REQUEST_UNKNOWN', { id: request! });
  const { publicId, imageSha256 } = found;
  if (imageSha256 === null) return { publicIds: [publicId], images: [] };
  const others = (await requests.listRequests({ imageSha256 })).filter(
    (one) => one.publicId !== publicId && one.shadowOf !== publicId,
  );
  return { publicIds: [publicId], images: others.length > 0 ? [] : [imageSha256] };
}

async function shaOf(image: string): Promise<string> {
  return /^[0-9a-f]{64}$/i.test(image) && !existsSync(image) ? image.toLowerCase() : await fileSha256(image);
}

/** The photo, and logged ones with the very same pixels: it was sent with other metadata. */
async function samePictures(requests: OpenStore['requests'], imageSha256: string): Promise<string[]> {
  const images = new Set([imageSha256]);
  const [one] = await requests.listRequests({ imageSha256, limit: 1 });
  if (one?.pixelsSha256)
    for await (const page of requests.scanRequests({ pixelsSha256: one.pixelsSha256 }))
      for (const same of page) if (same.imageSha256 !== null) images.add(same.imageSha256);
  return [...images];
}

async function eraseFromFiles(paths: readonly string[], what: Named): Promise<Erased['files']> {
  const gone = { publicIds: new Set(what.publicIds), images: new Set(what.images) };
  const files: Erased['files'] = [];
  for (const path of paths) {
    const rows = await eraseFromParquet(path, gone);
    if (rows > 0) files.push({ path, rows });
  }
  return files;
}

/** What a killed server left is in the database first: a photo in it would come back with the next start. */
async function drainJournal(store: OpenStore, logger: Logger): Promise<void> {
  const { requests, workspace } = store;
  if (!existsSync(workspace.journal)) return;
  const images = localImages(workspace.images);
  const journal = await openJournal({ dir: workspace.journal, requests, images, source: 'erase', logger });
  await journal.close();
}

async function requireNoRun(store: OpenStore): Promise<void> {
  for (const { name } of await store.access.listProjects()) {
    const [run] = await store.forProject(name).listRuns({ state: 'running', limit: 1 });
    if (run) throw new MitateError('ERASE_DURING_RUN', { id: run.id, pipeline: run.pipeline });
  }
}

/** The audit log, too, keeps no more than a hash of a photo. */
function hashes({ project }: OpenStore, { publicIds, images }: Named): string {
  return [...publicIds, ...images].map((id) => sha256(`${project}/${id}`)).join(' ');
}
