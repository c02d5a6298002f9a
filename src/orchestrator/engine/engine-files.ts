import { existsSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MitateError } from '../../errors/index.ts';
import { readTree } from '../../store/artifacts/tree-digest.ts';
import type { LocalCopies } from '../../store/shared/local-copies.ts';
import { SharedArtifacts } from '../../store/shared/shared-artifacts.ts';
import { fileError } from '../../store/workspace/file-error.ts';
import { pathOfUri, uriOfPath } from './uri-path.ts';

/** Files of artifacts at the URIs that the engine names. */
export interface EngineFiles {
  /** Local path with these files. @throws ARTIFACT_MISSING, ARTIFACT_DIGEST_MISMATCH, BUCKET_* */
  fetch(uri: string, digest: string): Promise<string>;
  /** Puts a local folder at the URI, and returns the local path of what is recorded. @throws ARTIFACT_TAKEN, ARTIFACT_DIGEST_MISMATCH, BUCKET_* */
  publish(folder: string, uri: string, digest: string, executionId: string): Promise<string>;
  /** The URI of what was fetched to, published from or is recorded at a path. */
  uriOf(path: string): string;
  /** The artifact whose execution could not be recorded. */
  remove(uri: string): Promise<void>;
}

/** A bucket shown as a folder has no rename. A copy that is cut short is never read: without an executor output the task has failed. */
export function mountedFiles(): EngineFiles {
  const uris = new Map<string, string>();
  return {
    async fetch(uri, expected) {
      const path = pathOfUri(uri);
      uris.set(path, uri);
      if (!existsSync(path)) throw new MitateError('ARTIFACT_MISSING', { uri: path });
      await requireDigest(path, expected);
      return path;
    },

    async publish(folder, uri, digest) {
      const path = pathOfUri(uri);
      uris.set(path, uri);
      try {
        await rm(path, { recursive: true, force: true });
        await mkdir(dirname(path), { recursive: true });
        await cp(folder, path, { recursive: true });
      } catch (error) {
        throw fileError(error, path);
      }
      await requireDigest(path, digest);
      await rm(folder, { recursive: true });
      return path;
    },

    uriOf: (path) => uris.get(path) ?? uriOfPath(path),

    async remove(uri) {
      await rm(pathOfUri(uri), { recursive: true, force: true });
    },
  };
}

async function requireDigest(path: string, expected: string): Promise<void> {
  const { digest: got } = await readTree(path).catch((error) => {
    throw fileError(error, path);
  });
  if (got !== expected) throw new MitateError('ARTIFACT_DIGEST_MISMATCH', { uri: path, expected, got });
}

/** By the API of the storage; inputs are read from local copies, which steps of a machine share. */
export function directFiles(copies: LocalCopies, signal: AbortSignal): EngineFiles {
  const shared = new SharedArtifacts(copies, signal);
  const uris = new Map<string, string>();
  return {
    async fetch(uri, digest) {
      const path = await shared.localise(uri, digest);
      uris.set(path, uri);
      return path;
    },

    async publish(folder, uri, _, executionId) {
      await shared.publish(folder, uri, executionId);
      uris.set(folder, uri);
      return folder;
    },

    uriOf: (path) => uris.get(path) ?? path,
    remove: (uri) => shared.remove(uri),
  };
}
