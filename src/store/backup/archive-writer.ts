import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack as newPack, type Pack } from 'tar-stream';
import { syncParent, syncPath } from '../../files/sync.ts';
import { fileError } from '../workspace/file-error.ts';
import { type Manifest, manifestName } from './manifest.ts';

export interface ArchiveEntry {
  /** Inside the archive, forward slashes. */
  path: string;
  /** File to read. */
  from: string;
}

type Files = Manifest['files'];

/**
 * Writes a tar.gz atomically, with its manifest as last entry. One file at a time, constant memory.
 * @param describe returns the manifest for all files
 * @param onBytes called with the size of each chunk that was read
 * @throws DISK_FULL, WORKSPACE_READ_ONLY, FILE_UNREADABLE
 */
export async function writeArchive(
  file: string,
  entries: AsyncIterable<ArchiveEntry>,
  describe: (files: Files) => Promise<Manifest>,
  onBytes: (bytes: number) => void = () => {},
): Promise<Manifest> {
  const temporary = `${file}.new`;
  const pack = newPack();
  try {
    // photos and weights hardly compress: level 1 is 5 times as fast as 6
    const written = pipeline(pack, createGzip({ level: 1 }), createWriteStream(temporary, { mode: 0o600 }));
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
  describe: (files: Files) => Promise<Manifest>,
  onBytes: (bytes: number) => void,
): Promise<Manifest> {
  const files: Files = [];
  for await (const entry of entries) files.push(await addFile(pack, entry, onBytes));
  const manifest = await describe(files);
  pack.entry({ name: manifestName, mtime: new Date(0) }, JSON.stringify(manifest));
  pack.finalize();
  return manifest;
}

async function addFile(
  pack: Pack,
  { path, from }: ArchiveEntry,
  onBytes: (bytes: number) => void,
): Promise<Files[number]> {
  const { size } = await stat(from);
  const hash = createHash('sha256');
  const tap = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  const entry = pack.entry({ name: path, size, mtime: new Date(0) });
  await pipeline(createReadStream(from), tap, entry as unknown as NodeJS.WritableStream);
  return { path, sha256: hash.digest('hex'), sizeBytes: size };
}
