import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { dayMs } from '../../codecs/duration.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { NewAuditEntry } from '../../contracts/audit.ts';
import {
  abandonedDays,
  mostOpenUploads,
  type Upload,
  type UploadDetail,
  type UploadedPhoto,
  uploadLimits,
} from '../../contracts/loop/upload.ts';
import { MitateError } from '../../errors/index.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { withDefaults } from '../../sources/open-source.ts';
import { labelOfPath } from '../../sources/source-path.ts';
import { readFolders } from '../../sources/split-folders.ts';
import type { OpenStore } from '../../store/open-store.ts';
import {
  type About,
  readAbout,
  type UploadIndexes,
  type UploadStore,
  uploadAt,
  uploadIds,
  writeAbout,
} from './upload-folder.ts';
import { UploadIndex } from './upload-index.ts';

type Described = About & Pick<Upload, 'photos' | 'bytes'>;
type Audited = UploadStore & Pick<OpenStore, 'audited'>;

/** Begins an upload of photos from a browser or a client. @throws UPLOADS_TOO_MANY */
export async function createUpload(
  store: Audited,
  name: string,
  { actor, now }: { actor: Actor; now: Date },
): Promise<Upload> {
  const all = await Promise.all(
    (await uploadIds(store)).map(async (id) => await readAbout(store, id).catch(() => null)),
  );
  const open = all.filter((about) => about !== null && about.finishedAt === null).length;
  if (open >= mostOpenUploads) throw new MitateError('UPLOADS_TOO_MANY', { most: mostOpenUploads });
  const about: About = {
    id: randomUUID(),
    name: name.normalize('NFC'),
    who: actor.name,
    createdAt: now,
    finishedAt: null,
  };
  await recorded(store, { actor, action: 'upload.create', subject: about.id, details: { name: about.name } });
  const { index, photos } = uploadAt(store, about.id);
  await mkdir(photos, { recursive: true });
  await writeWhole(index, '');
  await writeAbout(store, about);
  return { ...about, photos: 0, bytes: 0 };
}

/** The row comes first: files are in no transaction, and nothing changes without its row. */
async function recorded({ audited }: Pick<OpenStore, 'audited'>, entry: NewAuditEntry): Promise<void> {
  await audited(async () => {}, entry);
}

/** Newest first; one whose files are damaged is left out. */
export async function listUploads(store: UploadStore, indexes: UploadIndexes): Promise<Described[]> {
  const ids = await uploadIds(store);
  const found = await Promise.all(ids.map(async (id) => await describe(store, id, indexes).catch(() => null)));
  return found
    .filter((each) => each !== null)
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? -1 : 1));
}

async function describe(store: UploadStore, id: string, indexes: UploadIndexes): Promise<Described> {
  const about = await readAbout(store, id);
  const { photos, bytes } = await indexes.of(store, id);
  return { ...about, photos: photos.size, bytes };
}

/** With its labels, as an import reads them. @throws UPLOAD_UNKNOWN */
export async function showUpload(
  store: UploadStore,
  id: string,
  indexes: UploadIndexes,
): Promise<Described & Pick<UploadDetail, 'source' | 'labels'>> {
  const upload = await describe(store, id, indexes);
  const { photos: source } = uploadAt(store, id);
  return {
    ...upload,
    source,
    labels: countLabels(source, [...(await indexes.of(store, id)).photos.values()], 'optional'),
  };
}

/** By path. @throws UPLOAD_UNKNOWN */
export async function uploadedPhotos(store: UploadStore, id: string, indexes: UploadIndexes): Promise<UploadedPhoto[]> {
  await readAbout(store, id);
  return [...(await indexes.of(store, id)).photos.values()];
}

/** From then on it is a source like any other, and stays until it is removed. @throws UPLOAD_UNKNOWN, UPLOAD_FINISHED, SOURCE_EMPTY, SOURCE_UNLABELLED, SOURCE_SPLITS_MIXED */
export async function finishUpload(
  store: Audited,
  id: string,
  { actor, now, indexes }: { actor: Actor; now: Date; indexes: UploadIndexes },
): Promise<UploadDetail> {
  const before = await showUpload(store, id, indexes);
  if (before.finishedAt !== null) throw new MitateError('UPLOAD_FINISHED', { id });
  const { source, photos } = before;
  if (photos === 0) throw new MitateError('SOURCE_EMPTY', { source });
  const all = await uploadedPhotos(store, id, indexes);
  const labels = countLabels(source, all, 'required');
  if (labels.every(({ label }) => label === null))
    throw new MitateError('SOURCE_UNLABELLED', { source, photos, first: all[0]!.path });
  const { name, who, createdAt } = before;
  await recorded(store, { actor, action: 'upload.finish', subject: id, details: { name, photos } });
  await writeAbout(store, { id, name, who, createdAt, finishedAt: now });
  return { ...before, labels, finishedAt: now };
}

/** Data sets that were made of it stay. @throws UPLOAD_UNKNOWN */
export async function removeUpload(store: Audited, id: string, actor: Actor): Promise<void> {
  const { name } = await readAbout(store, id);
  await recorded(store, { actor, action: 'upload.remove', subject: id, details: { name } });
  await rm(uploadAt(store, id).folder, { recursive: true, force: true });
}

/** Photos per label and split, most frequent first. */
function countLabels(
  source: string,
  photos: readonly UploadedPhoto[],
  labels: 'required' | 'optional',
): UploadDetail['labels'] {
  const folders = photos.map(({ path }) => path.split('/').slice(0, -1));
  const placeOf = photos.length === 0 ? labelOfPath : readFolders(source, folders, withDefaults({ labels }));
  const counts = new Map<string, UploadDetail['labels'][number]>();
  for (const each of folders) {
    const { label = null, split = null }: { label?: string | null; split?: string | null } = placeOf(each);
    const key = JSON.stringify([label, split]);
    const count = counts.get(key) ?? { label, split, photos: 0 };
    count.photos++;
    counts.set(key, count);
  }
  return [...counts.values()].sort((a, b) => b.photos - a.photos).slice(0, uploadLimits.labels);
}

/** Deletes uploads that nobody finished and to which nothing came for a week. @returns how many */
export async function sweepUploads(store: UploadStore, now: Date): Promise<number> {
  let swept = 0;
  for (const id of await uploadIds(store)) {
    const { folder, index } = uploadAt(store, id);
    const about = await readAbout(store, id).catch(() => null);
    if (about !== null && about.finishedAt !== null) continue;
    const { mtimeMs } = await stat(index).catch(() => stat(folder));
    if (now.getTime() - mtimeMs < abandonedDays * dayMs) continue;
    await rm(folder, { recursive: true, force: true });
    swept++;
  }
  return swept;
}

/** Photos with these digests, of all uploads of the project. @returns the deleted files */
export async function eraseUploaded(store: UploadStore, images: readonly string[]): Promise<string[]> {
  const gone: string[] = [];
  for (const id of await uploadIds(store)) {
    const { index: file, photos: folder } = uploadAt(store, id);
    const index = await new UploadIndex(file).refresh().catch(() => null);
    if (index === null) continue;
    const photos = [...index.photos.values()];
    const erased = photos.filter(({ sha256 }) => images.includes(sha256));
    if (erased.length === 0) continue;
    for (const { path } of erased) {
      gone.push(`${folder}/${path}`);
      await rm(`${folder}/${path}`, { force: true });
    }
    await index.replace(photos.filter((photo) => !erased.includes(photo)));
  }
  return gone;
}
