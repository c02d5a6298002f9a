import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MitateError } from '../../errors/index.ts';
import { forEachConcurrent } from '../../network/concurrent.ts';
import type { ObjectStorage } from '../../network/objects/object-storage.ts';
import { readTree } from '../artifacts/tree-digest.ts';
import { fileError } from '../workspace/file-error.ts';
import type { LocalCopies } from './local-copies.ts';
import { isInnerPath, type Manifest, manifestKey, readManifest, sizeOf } from './manifest.ts';
import { openObjects } from './open-objects.ts';

const filesAtOnce = 16;
/** A download's unit: what a broken connection costs. */
const partBytes = 8 << 20;

/**
 * Artifacts that machines share: in a bucket, or a folder that all of them mount. An artifact is the files below
 * `<uri>/<execution>/`, and `<uri>/_MANIFEST.json`, which is created last and once. So a writer that was killed leaves no artifact, and of
 * two writers one wins whole.
 */
export class SharedArtifacts {
  readonly #copies: LocalCopies;
  readonly #signal: AbortSignal;

  constructor(copies: LocalCopies, signal: AbortSignal) {
    this.#copies = copies;
    this.#signal = signal;
  }

  /**
   * Uploads the files of a local folder. Where another writer has published the same files, they are the artifact.
   * @throws ARTIFACT_TAKEN when it has published others; BUCKET_OVERWRITES, BUCKET_*, CANCELLED
   */
  async publish(folder: string, uri: string, execution: string): Promise<{ digest: string; sizeBytes: number }> {
    const storage = this.#storage(uri);
    const { digest, sizeBytes, files } = await readTree(folder);
    const manifest: Manifest = {
      ...{ format: 'mitate-artifact/1', execution, digest },
      files: files.map(({ path, sizeBytes: size, sha256 }) => ({ path, sizeBytes: size, sha256 })),
    };
    const earlier = await readManifest(storage);
    if (earlier === null) {
      await forEachConcurrent(files, filesAtOnce, this.#signal, async ({ path, sha256 }) => {
        const body = await openAsBlob(join(folder, path));
        await storage.write(`${execution}/${path}`, { body, sha256 });
      });
    }
    const winner = earlier ?? (await announce(storage, manifest));
    if (winner.digest !== digest) throw new MitateError('ARTIFACT_TAKEN', { uri, execution: winner.execution });
    if (winner.execution !== execution) await this.#removeFiles(storage, manifest);
    return { digest, sizeBytes };
  }

  /**
   * Path of a local copy with the digest; it stays until the copies are disposed.
   * @throws ARTIFACT_MISSING, ARTIFACT_DIGEST_MISMATCH, ARTIFACT_OBJECT_DAMAGED, ARTIFACT_MANIFEST_INVALID, DISK_FULL, BUCKET_*, CANCELLED
   */
  async localise(uri: string, digest: string): Promise<string> {
    const kept = await this.#copies.take(digest);
    if (kept !== null) return kept;
    const storage = this.#storage(uri);
    const manifest = await published(storage);
    if (manifest.digest !== digest)
      throw new MitateError('ARTIFACT_DIGEST_MISMATCH', { uri, expected: digest, got: manifest.digest });
    const folder = await this.#copies.begin(digest);
    await forEachConcurrent(manifest.files, filesAtOnce, this.#signal, async ({ path, sizeBytes, sha256 }) => {
      const got = await save(partsOf(storage, `${manifest.execution}/${path}`), join(folder, path));
      if (got.sha256 === sha256) return;
      const is = got.sizeBytes === sizeBytes ? 'has other bytes' : `has ${got.sizeBytes} of ${sizeBytes} bytes`;
      throw new MitateError('ARTIFACT_OBJECT_DAMAGED', { uri: `${uri}/${path}`, reason: `it ${is}` });
    });
    return await this.#copies.keep(digest, sizeOf(manifest));
  }

  /**
   * The same for an artifact that an engine or a mount has put there without a manifest: all that is below the URI.
   * @param digest absent = not compared
   */
  async download(uri: string, digest?: string): Promise<string> {
    const storage = this.#storage(uri);
    const manifest = await readManifest(storage);
    if (manifest !== null) return await this.localise(uri, digest ?? manifest.digest);
    const keys: string[] = [];
    for await (const key of storage.list()) keys.push(key);
    if (keys.length === 0) throw new MitateError('ARTIFACT_MISSING', { uri });
    const folder = await this.#copies.begin(digest ?? createHash('sha256').update(uri).digest('hex'));
    await forEachConcurrent(keys, filesAtOnce, this.#signal, async (key) => {
      if (!isInnerPath(key)) throw new MitateError('ARTIFACT_ENTRY_INVALID', { path: `${uri}/${key}`, kind: 'key' });
      await save(partsOf(storage, key), join(folder, key));
    });
    const { digest: got } = await readTree(folder);
    if (got === (digest ?? got)) return folder;
    throw new MitateError('ARTIFACT_DIGEST_MISMATCH', { uri, expected: digest ?? got, got });
  }

  /** The artifact disappears first, then its files, also those of writers that were killed. */
  async remove(uri: string): Promise<void> {
    const storage = this.#storage(uri);
    await storage.remove(manifestKey);
    await forEachConcurrent(storage.list(), filesAtOnce, this.#signal, async (key) => await storage.remove(key));
  }

  #storage(uri: string): ObjectStorage {
    return openObjects(uri, this.#signal);
  }

  async #removeFiles(storage: ObjectStorage, { execution, files }: Manifest): Promise<void> {
    await forEachConcurrent(files, filesAtOnce, this.#signal, async ({ path }) => {
      await storage.remove(`${execution}/${path}`);
    });
  }
}

async function published(storage: ObjectStorage): Promise<Manifest> {
  const manifest = await readManifest(storage);
  if (manifest === null) throw new MitateError('ARTIFACT_MISSING', { uri: storage.uri });
  return manifest;
}

/** Storage that has kept its conditions once in this process. */
const trusted = new Set<string>();

/** Creates the manifest, unless there is one, and returns the one that counts. @throws BUCKET_OVERWRITES */
async function announce(storage: ObjectStorage, manifest: Manifest): Promise<Manifest> {
  const text = JSON.stringify(manifest);
  const object = {
    body: new Blob([text]),
    sha256: createHash('sha256').update(text).digest('hex'),
    ifAbsent: true,
  };
  // false, too, when the answer to a write that went well was lost
  if (!(await storage.write(manifestKey, object))) return await published(storage);
  const origin = storage.uri.split('/').slice(0, 3).join('/');
  if (!trusted.has(origin) && (await storage.write(manifestKey, object)))
    throw new MitateError('BUCKET_OVERWRITES', { place: storage.uri });
  trusted.add(origin);
  return manifest;
}

/** The object in parts, to its end. @throws ARTIFACT_OBJECT_DAMAGED when it is gone, BUCKET_* */
async function* partsOf(storage: ObjectStorage, key: string): AsyncGenerator<Uint8Array> {
  for (let start = 0; ; start += partBytes) {
    const part = await storage.read(key, { start, length: partBytes });
    // a range that begins at the end has no answer
    if (part === null && start === 0 && (await storage.read(key)) === null)
      throw new MitateError('ARTIFACT_OBJECT_DAMAGED', { uri: `${storage.uri}/${key}`, reason: 'it is gone' });
    if (part !== null) yield part;
    if (part === null || part.length < partBytes) return;
  }
}

/** Writes a new file. */
async function save(parts: AsyncIterable<Uint8Array>, path: string): Promise<{ sizeBytes: number; sha256: string }> {
  await mkdir(dirname(path), { recursive: true });
  await using file = await open(path, 'wx');
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    for await (const part of parts) {
      hash.update(part);
      sizeBytes += part.length;
      await file.writeFile(part);
    }
  } catch (error) {
    throw fileError(error, path);
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}
