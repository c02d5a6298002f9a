import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { fileReason, firstIssue, isMitateError, MitateError } from '../../errors/index.ts';
import { decryption } from './encryption.ts';
import { isKeptPhoto, isKeptPhotoPath, KeptPhotoTally } from './kept-photo-tally.ts';
import { type Manifest, manifestName, manifestSchema } from './manifest.ts';

/** Handles a file of the archive; must read `content` to its end. */
type EntryReader = (path: string, content: AsyncIterable<Buffer>) => Promise<void>;

const maxManifestBytes = 256 * 1024 * 1024;

interface ReadOptions {
  /** Called with the bytes of the archive that were read so far. */
  onBytes?: (bytes: number) => void;
  /** Asked when it is encrypted. Default: empty. */
  passphrase?: () => Promise<string>;
}

/**
 * Reads a whole backup and checks every file against the manifest.
 * @throws BACKUP_INVALID, BACKUP_PASSPHRASE_WRONG, FILE_UNREADABLE, DISK_FULL (when the reader writes)
 */
export async function readArchive(
  file: string,
  read: EntryReader,
  { onBytes = () => {}, passphrase = async () => '' }: ReadOptions = {},
): Promise<Manifest> {
  const refuse = (reason: string, cause?: unknown) =>
    new MitateError('BACKUP_INVALID', { path: file, reason }, { cause });
  const seen = new Map<string, { sha256: string; sizeBytes: number }>();
  const photos = new KeptPhotoTally();
  let manifest: Manifest | undefined;
  let source: ReadStream | undefined;
  try {
    const decrypting = await decryption(file, passphrase);
    const reading = createReadStream(file, { start: decrypting?.offset ?? 0 });
    source = reading;
    const archive = extract();
    const broken = (error: Error) => archive.destroy(error);
    let plain: Readable = reading.on('error', broken);
    for (const next of [...(decrypting ? [decrypting.stream] : []), createGunzip()])
      plain = plain.pipe(next).on('error', broken);
    plain.pipe(archive as unknown as NodeJS.WritableStream);
    for await (const entry of archive) {
      const { name, type } = entry.header;
      if (manifest !== undefined) throw refuse('there is data after the manifest');
      if (type !== 'file' || !isSafe(name) || seen.has(name)) throw refuse(`unexpected entry "${name}"`);
      const content = entry as unknown as AsyncIterable<Buffer>;
      if (name === manifestName) manifest = parseManifest(await readAll(content, entry.header.size ?? 0));
      else {
        const found = await hashed(name, content, read, () => onBytes(reading.bytesRead));
        if (!isKeptPhoto(name)) seen.set(name, found);
        else if (!photos.add({ path: name, ...found })) throw refuse(`unexpected entry "${name}"`);
      }
    }
  } catch (error) {
    if (isMitateError(error)) throw error;
    const { code, path, message } = error as NodeJS.ErrnoException;
    if (path === file)
      throw new MitateError('FILE_UNREADABLE', { path: file, reason: fileReason(error) }, { cause: error });
    if (code === 'ENOSPC') throw error;
    throw refuse(message, error);
  } finally {
    source?.destroy();
  }
  if (manifest === undefined) throw refuse('it has no manifest: it is truncated, or not a backup');
  const wrong = firstDifference(manifest, seen) ?? photoDifference(manifest, photos);
  if (wrong !== null) throw refuse(wrong);
  return manifest;
}

/** The manifest, a kept photo, or a relative path without `..` in one of the other three folders. */
function isSafe(name: string): boolean {
  if (name === manifestName || isKeptPhotoPath(name)) return true;
  const parts = name.split('/');
  return (
    /^(database|artifacts|golden)\//.test(name) &&
    !/[\\\0:]/.test(name) &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

async function hashed(path: string, content: AsyncIterable<Buffer>, read: EntryReader, onChunk: () => void) {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  async function* tap() {
    for await (const chunk of content) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      onChunk();
      yield chunk;
    }
  }
  await read(path, tap());
  return { sha256: hash.digest('hex'), sizeBytes };
}

async function readAll(content: AsyncIterable<Buffer>, sizeBytes: number): Promise<string> {
  if (sizeBytes > maxManifestBytes) throw new Error('the manifest is too large');
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parseManifest(text: string): Manifest {
  const parsed = manifestSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(`manifest.json: ${firstIssue(parsed.error)}`);
}

function firstDifference(manifest: Manifest, seen: Map<string, { sha256: string; sizeBytes: number }>): string | null {
  for (const { path, sha256 } of manifest.files) {
    const found = seen.get(path);
    if (found === undefined) return `${path} is missing`;
    if (found.sha256 !== sha256) return `${path}: expected sha256 ${sha256}, got ${found.sha256}`;
  }
  return seen.size > manifest.files.length ? 'it contains files that are not in the manifest' : null;
}

function photoDifference({ photos }: Manifest, found: KeptPhotoTally): string | null {
  const sum = found.sum();
  if (photos === undefined) return sum.count === 0 ? null : 'it contains photos that are not in the manifest';
  if (sum.count === photos.count && sum.sha256 === photos.sha256) return null;
  return `its ${sum.count} kept photos are not the ${photos.count} of the manifest`;
}
