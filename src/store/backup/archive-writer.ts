import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack as newPack, type Pack } from 'tar-stream';
import { syncParent, syncPath } from '../../files/sync.ts';
import { fileError } from '../workspace/file-error.ts';
import { encryption } from './encryption.ts';
import { isKeptPhoto, KeptPhotoTally } from './kept-photo-tally.ts';
import { type Manifest, manifestName } from './manifest.ts';

export interface ArchiveEntry {
  /** Inside the archive, forward slashes. */
  path: string;
  /** File to read. */
  from: string;
}

type Files = Manifest['files'];

type Describe = (files: Files, photos: NonNullable<Manifest['photos']>) => Promise<Manifest>;

interface ArchiveOptions {
  /** Called with the size of each chunk that was read. */
  onBytes?: (bytes: number) => void;
  /** Encrypts it. */
  passphrase?: string | undefined;
}

/**
 * Writes a tar.gz atomically, with its manifest as last entry. One file at a time, constant memory.
 * @param describe returns the manifest for all files and kept photos
 * @throws BACKUP_PASSPHRASE_UNUSABLE, DISK_FULL, WORKSPACE_READ_ONLY, FILE_UNREADABLE
 */
export async function writeArchive(
  file: string,
  entries: AsyncIterable<ArchiveEntry>,
  describe: Describe,
  { onBytes = () => {}, passphrase }: ArchiveOptions = {},
): Promise<Manifest> {
  const temporary = `${file}.new`;
  const encrypting = passphrase === undefined ? new PassThrough() : await encryption(passphrase);
  const pack = newPack();
  try {
    // photos and weights hardly compress: level 1 is 5 times as fast as 6
    const written = pipeline(pack, createGzip({ level: 1 }), encrypting, createWriteStream(temporary, { mode: 0o600 }));
    const [manifest] = await Promise.all([fill(pack, entries, describe, onBytes), written]);
    await syncPath(temporary, false);
    await rename(temporary, file);
    await syncParent(file);
    return manifest;
  } catch (error) {
    pack.destroy();
    await rm(temporary, { force: true });
    throw fileError(error, file);
  }
}

async function fill(
  pack: Pack,
  entries: AsyncIterable<ArchiveEntry>,
  describe: Describe,
  onBytes: (bytes: number) => void,
): Promise<Manifest> {
  const files: Files = [];
  const photos = new KeptPhotoTally();
  for await (const entry of entries) {
    const added = await addFile(pack, entry, onBytes);
    if (added === null) continue;
    if (isKeptPhoto(added.path)) photos.add(added);
    else files.push(added);
  }
  const manifest = await describe(files, photos.sum());
  pack.entry({ name: manifestName, mtime: new Date(0) }, JSON.stringify(manifest));
  pack.finalize();
  return manifest;
}

/** Null = a photo that was erased or expired meanwhile. */
async function addFile(
  pack: Pack,
  { path, from }: ArchiveEntry,
  onBytes: (bytes: number) => void,
): Promise<Files[number] | null> {
  await using file = await open(from).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && isKeptPhoto(path)) return null;
    throw error;
  });
  if (file === null) return null;
  const { size } = await file.stat();
  const hash = createHash('sha256');
  const tap = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  const entry = pack.entry({ name: path, size, mtime: new Date(0) });
  await pipeline(file.createReadStream({ autoClose: false }), tap, entry as unknown as NodeJS.WritableStream);
  return { path, sha256: hash.digest('hex'), sizeBytes: size };
}
