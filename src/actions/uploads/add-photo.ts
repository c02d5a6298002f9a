import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256 } from '../../codecs/digest.ts';
import { type UploadedPhoto, uploadLimits } from '../../contracts/loop/upload.ts';
import { MitateError } from '../../errors/index.ts';
import { passedOver } from '../../sources/source-path.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { fileError } from '../../store/workspace/file-error.ts';
import { identifyFormat } from '../../vision/identify.ts';
import { pixelLimit, pixelSize } from '../../vision/pixel-size.ts';
import { diskSpace } from '../workspace/operations.ts';
import { readAbout, type UploadIndexes, uploadAt } from './upload-folder.ts';

/** What uploads leave free on the disk: the request journal and runs need it. */
const reserveBytes = 2 ** 30;

/**
 * One photo, whole or not at all. Sending it again changes nothing, so that a client may go on after a lost connection.
 * @throws UPLOAD_UNKNOWN, UPLOAD_FINISHED, UPLOAD_PATH_INVALID, UPLOAD_NAME_TAKEN, UPLOAD_FULL, UPLOAD_DISK_FULL, UPLOAD_PHOTO_ERASED, IMAGE_* of
 * files that are no photos, DISK_FULL
 */
export async function addUploadedPhoto(
  store: Pick<OpenStore, 'project' | 'workspace' | 'erasedPhotos'>,
  id: string,
  given: { path: string; bytes: Uint8Array },
  { indexes, spaceOf = diskSpace }: { indexes: UploadIndexes; spaceOf?: typeof diskSpace },
): Promise<UploadedPhoto & { repeated: boolean }> {
  const { finishedAt } = await readAbout(store, id);
  if (finishedAt !== null) throw new MitateError('UPLOAD_FINISHED', { id });
  const { bytes } = given;
  const path = safePath(given.path);
  requirePhoto(bytes);
  const photo: UploadedPhoto = { path, sha256: sha256(bytes), bytes: bytes.length };
  if ((await store.erasedPhotos([photo.sha256])).size > 0) throw new MitateError('UPLOAD_PHOTO_ERASED', { path });
  const index = await indexes.of(store, id);
  const known = index.photos.get(path);
  if (known?.sha256 === photo.sha256) return { ...photo, repeated: true };
  if (known) throw new MitateError('UPLOAD_NAME_TAKEN', { path });
  if (index.photos.size >= uploadLimits.photos || index.bytes + photo.bytes > uploadLimits.bytes)
    throw new MitateError('UPLOAD_FULL', { photos: uploadLimits.photos, gib: uploadLimits.bytes / 2 ** 30 });
  const { freeBytes } = await spaceOf(store.workspace.dir);
  if (freeBytes - photo.bytes < reserveBytes)
    throw new MitateError('UPLOAD_DISK_FULL', {
      freeMb: Math.floor(freeBytes / 1e6),
      reserveMb: reserveBytes / 2 ** 20,
    });
  const places = uploadAt(store, id);
  const repeated = await place(join(places.photos, path), { ...photo, content: bytes, incoming: places.incoming });
  await index.add(photo);
  return { ...photo, repeated };
}

/** Names of folders and files that every system takes, and that an import does not pass over. @throws UPLOAD_PATH_INVALID */
function safePath(given: string): string {
  const path = given.normalize('NFC');
  const parts = path.split('/');
  const invalid = (reason: string) => new MitateError('UPLOAD_PATH_INVALID', { path: JSON.stringify(given), reason });
  if (parts.length > 8) throw invalid('it is more than eight folders deep');
  for (const part of parts) {
    if (part === '' || part === '.' || part === '..') throw invalid('a folder or name is empty, "." or ".."');
    if (/[\p{Cc}\\\u202A-\u202E\u2066-\u2069]/u.test(part))
      throw invalid('it has a backslash, a control character, or one that turns the direction of the text');
    if (Buffer.byteLength(part) > 200) throw invalid('a folder or name is longer than 200 bytes');
  }
  if (passedOver(parts) !== null) throw invalid('an import passes over files of this name');
  return path;
}

/** By its first bytes and its header: nothing is decoded in the server. @throws IMAGE_* */
function requirePhoto(bytes: Uint8Array): void {
  const size = pixelSize(bytes, identifyFormat(bytes));
  if (size === null || size.width * size.height <= pixelLimit) return;
  const megapixels = Math.ceil((size.width * size.height) / 1e5) / 10;
  throw new MitateError('IMAGE_TOO_LARGE', { ...size, megapixels, limitMegapixels: pixelLimit / 1e6 });
}

interface Placed extends UploadedPhoto {
  content: Uint8Array;
  incoming: string;
}

/** @returns whether the same bytes were there, of a server that died before it could say so @throws UPLOAD_NAME_TAKEN, DISK_FULL */
async function place(file: string, { path, sha256: digest, content, incoming }: Placed): Promise<boolean> {
  const taken = (cause: unknown) => new MitateError('UPLOAD_NAME_TAKEN', { path }, { cause });
  const temporary = join(incoming, randomUUID());
  try {
    await mkdir(incoming, { recursive: true });
    await writeFile(temporary, content);
    await mkdir(dirname(file), { recursive: true });
    await link(temporary, file);
    return false;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // a folder of that name, or a file where a folder should be
    if (code === 'ENOTDIR' || code === 'EISDIR') throw taken(error);
    if (code !== 'EEXIST') throw fileError(error, file);
    const there = await readFile(file).catch(() => null);
    if (there !== null && sha256(there) === digest) return true;
    throw taken(error);
  } finally {
    await rm(temporary, { force: true });
  }
}
