import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncPath } from '../../files/sync.ts';
import { fileError } from '../workspace/file-error.ts';

/** Stored photos of requests, without metadata, by the sha256 of the bytes that were sent. Each project has its own. */
export interface ImageStore {
  /** Atomic. */
  put(project: string, sha256: string, bytes: Uint8Array): Promise<void>;
  /** Null when it is not stored. */
  get(project: string, sha256: string): Promise<Uint8Array | null>;
  /** Ignores a missing photo. */
  delete(project: string, sha256: string): Promise<void>;
  /** Earlier puts survive a power cut after this. */
  makeDurable(): Promise<void>;
}

/** Photos in a local folder: `<dir>/<project>/<first two digits>/<sha256>`. */
export function localImages(dir: string): ImageStore {
  const pathOf = (project: string, sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError(`not a sha256: ${sha256}`);
    return join(dir, encodeURIComponent(project), sha256.slice(0, 2), sha256);
  };
  let unsynced = new Set<string>();

  return {
    async put(project, sha256, bytes) {
      const path = pathOf(project, sha256);
      if (unsynced.has(path)) return;
      const temporary = `${path}.${randomUUID()}.tmp`;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(temporary, bytes, { mode: 0o600 });
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw fileError(error, path);
      }
      unsynced.add(path);
    },

    async get(project, sha256) {
      try {
        return await readFile(pathOf(project, sha256));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },

    async delete(project, sha256) {
      const path = pathOf(project, sha256);
      unsynced.delete(path);
      await rm(path, { force: true });
    },

    async makeDurable() {
      const paths = unsynced;
      unsynced = new Set();
      try {
        for (const path of paths) await syncPath(path, false).catch(unlessGone);
        const shards = new Set([...paths].map((path) => dirname(path)));
        const folders = new Set([...shards, ...[...shards].map((shard) => dirname(shard)), dir]);
        if (paths.size > 0) for (const folder of folders) await syncPath(folder, true);
      } catch (error) {
        for (const path of paths) unsynced.add(path);
        throw error;
      }
    },
  };
}

function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
