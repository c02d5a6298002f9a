import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { fileReason, firstIssue, isMitateError, MitateError } from '../../errors/index.ts';
import { type Manifest, manifestName, manifestSchema } from './manifest.ts';

/** Handles a file of the archive; must read `content` to its end. */
type EntryReader = (path: string, content: AsyncIterable<Buffer>) => Promise<void>;

const maxManifestBytes = 256 * 1024 * 1024;

/**
 * Reads a whole backup and checks every file against the manifest.
 * @param onBytes called with the bytes of the archive that were read so far
 * @throws BACKUP_INVALID, FILE_UNREADABLE, DISK_FULL (when the reader writes)
 */
export async function readArchive(
  file: string,
  read: EntryReader,
  onBytes: (bytes: number) => void = () => {},
): Promise<Manifest> {
  const refuse = (reason: string, cause?: unknown) =>
    new MitateError('BACKUP_INVALID', { path: file, reason }, { cause });
  const seen = new Map<string, { sha256: string; sizeBytes: number }>();
  let manifest: Manifest | undefined;
  try {
    const source = createReadStream(file);
    const archive = extract();
    const broken = (error: Error) => archive.destroy(error);
    source
      .on('error', broken)
      .pipe(createGunzip())
      .on('error', broken)
      .pipe(archive as unknown as NodeJS.WritableStream);
    for await (const entry of archive) {
      const { name, type } = entry.header;
      if (manifest !== undefined) throw refuse('there is data after the manifest');
      if (type !== 'file' || !isSafe(name) || seen.has(name)) throw refuse(`unexpected entry "${name}"`);
      const content = entry as unknown as AsyncIterable<Buffer>;
      if (name === manifestName) manifest = parseManifest(await readAll(content, entry.header.size ?? 0));
      else seen.set(name, await hashed(name, content, read, () => onBytes(source.bytesRead)));
    }
  } catch (error) {
    if (isMitateError(error)) throw error;
    const { code, path, message } = error as NodeJS.ErrnoException;
    if (path === file)
      throw new MitateError('FILE_UNREADABLE', { path: file, reason: fileReason(error) }, { cause: error });
    if (code === 'ENOSPC') throw error;
    throw refuse(message, error);
  }
  if (manifest === undefined) throw refuse('it has no manifest: it is truncated, or not a backup');
  const wrong = firstDifference(manifest, seen);
  if (wrong !== null) throw refuse(wrong);
  return manifest;
}

/** The manifest, or a relative path without `..` in one of the three folders. */
function isSafe(name: string): boolean {
  if (name === manifestName) return true;
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
