import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../codecs/digest.ts';
import type { Config } from '../../config/index.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { Logger } from '../../contracts/logger.ts';
import { fileReason, MitateError } from '../../errors/index.ts';
import { openJournal } from '../../serving/journal/journal.ts';
import { fileSha256 } from '../../store/artifacts/tree-digest.ts';
import { localImages } from '../../store/images/image-store.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { readServerFile } from '../../store/workspace/server-file.ts';
import { withStore } from '../with-store.ts';
import type { Erased, Erasure } from './erasure.ts';
import { erasureParts } from './parts.ts';

export interface EraseInput {
  /** A photo: its file, or the sha256 of its bytes. */
  image?: string;
  /** A request, by its public id; with its photo, unless another request sent the same one. */
  request?: string;
  why: string;
  actor: Actor;
  /** Exported Parquet files to rewrite too. */
  files?: readonly string[];
}

/**
 * Removes a photo or a request from everything that the workspace stores for the project: see `erasureParts`. It keeps a hash, so that the photo
 * is not imported again, and the names of the models trained on it.
 * @throws ERASE_NOTHING_NAMED, ERASE_DURING_RUN, REQUEST_UNKNOWN
 */
export async function eraseFromWorkspace(config: Config, input: EraseInput, logger: Logger): Promise<Erased> {
  requireOneName(input);
  return await withStore(config, { attach: 'server' }, async (store) => {
    if (readServerFile(store.workspace.dir) === null) await drainJournal(store, logger);
    return await erase(store, input);
  });
}

/** What an erasure would begin with: the logged requests and the photos. @throws ERASE_NOTHING_NAMED, REQUEST_UNKNOWN */
export async function namedForErasure(
  config: Config,
  input: Pick<EraseInput, 'image' | 'request'>,
): Promise<{ requests: number; images: string[] }> {
  requireOneName(input);
  return await withStore(config, { attach: true }, async (store) => {
    const { requests, images } = await named(store, input);
    const ofImages = await Promise.all(images.map((imageSha256) => store.requests.listRequests({ imageSha256 })));
    return { requests: new Set([...requests, ...ofImages.flat().map(({ publicId }) => publicId)]).size, images };
  });
}

function requireOneName({ image, request }: Pick<EraseInput, 'image' | 'request'>): void {
  if ((image === undefined) === (request === undefined)) throw new MitateError('ERASE_NOTHING_NAMED', {});
}

/** The same, in an open store. */
export async function erase(store: OpenStore, input: EraseInput): Promise<Erased> {
  await requireNoRun(store);
  const { actor, why, files = [] } = input;
  const nothing = { rows: 0, files: [], copies: [], photos: [], embeddings: 0 };
  const erased: Erasure['erased'] = { ...(await named(store, input)), ...nothing };
  const part = store.auditedParts();
  const audited: Erasure['audited'] = (change) =>
    part(change, () => ({
      actor,
      action: 'log.erase',
      subject: hashes(store, erased),
      details: { why, ...countsOf(erased) },
    }));
  const erasure: Erasure = { store, change: { who: actor.name, why }, files, erased, audited };
  for (const { erase: erasePart } of erasureParts) await erasePart(erasure);
  await audited(async () => {});
  const { backups } = store.workspace;
  const names = await readdir(backups).catch(() => []);
  return { ...erased, backups: names.map((name) => join(backups, name)) };
}

function countsOf({ rows, files, copies, photos }: Erasure['erased']) {
  return { rows, files, copies: copies.length, artifacts: photos.flatMap(({ replaced }) => replaced) };
}

type Named = Pick<Erased, 'requests' | 'images'>;

async function named(
  { requests }: Pick<OpenStore, 'requests'>,
  { image, request }: Pick<EraseInput, 'image' | 'request'>,
): Promise<Named> {
  if (image !== undefined) return { requests: [], images: await samePictures(requests, await shaOf(image)) };
  const found = await requests.getRequest(request!);
  if (found === null) throw new MitateError('REQUEST_UNKNOWN', { id: request! });
  const { publicId, imageSha256 } = found;
  if (imageSha256 === null) return { requests: [publicId], images: [] };
  const others = (await requests.listRequests({ imageSha256 })).filter(
    (one) => one.publicId !== publicId && one.shadowOf !== publicId,
  );
  return { requests: [publicId], images: others.length > 0 ? [] : [imageSha256] };
}

async function shaOf(image: string): Promise<string> {
  if (/^[0-9a-f]{64}$/i.test(image) && !existsSync(image)) return image.toLowerCase();
  return await fileSha256(image).catch((cause: unknown) => {
    throw new MitateError('FILE_UNREADABLE', { path: image, reason: fileReason(cause) }, { cause });
  });
}

/** The photo, and logged ones with the same pixels and other metadata. */
async function samePictures(requests: OpenStore['requests'], imageSha256: string): Promise<string[]> {
  const images = new Set([imageSha256]);
  const [one] = await requests.listRequests({ imageSha256, limit: 1 });
  if (one?.pixelsSha256)
    for await (const page of requests.scanRequests({ pixelsSha256: one.pixelsSha256 }))
      for (const same of page) if (same.imageSha256 !== null) images.add(same.imageSha256);
  return [...images];
}

/** First writes a killed server's journal to the database: a photo in it would come back at the next start. */
async function drainJournal(store: Pick<OpenStore, 'requests' | 'workspace'>, logger: Logger): Promise<void> {
  const { requests, workspace } = store;
  if (!existsSync(workspace.journal)) return;
  const images = localImages(workspace.images);
  const journal = await openJournal({ dir: workspace.journal, requests, images, source: 'erase', logger });
  await journal.close();
}

async function requireNoRun(store: Pick<OpenStore, 'access' | 'forProject'>): Promise<void> {
  for (const { name } of await store.access.listProjects()) {
    const [run] = await store.forProject(name).listRuns({ state: 'running', limit: 1 });
    if (run) throw new MitateError('ERASE_DURING_RUN', { id: run.id, pipeline: run.pipeline });
  }
}

/** The audit log, too, stores only a hash of the photo. */
function hashes({ project }: Pick<OpenStore, 'project'>, { requests, images }: Named): string {
  return [...requests, ...images].map((id) => sha256(`${project}/${id}`)).join(' ');
}
