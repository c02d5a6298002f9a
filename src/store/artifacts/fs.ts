import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MitateError } from '../../errors/index.ts';
import { isInside } from '../../files/is-inside.ts';
import { syncParent, syncTree } from '../../files/sync.ts';
import { fileError } from '../workspace/file-error.ts';
import type { ArtifactPlace, ArtifactStore, Published } from './artifacts.ts';
import { listFiles, readTree } from './tree-digest.ts';

/** Safe as a file name, and never `.` or `..`. Windows forbids `:` `*` `?` and others. */
function segment(name: string): string {
  return encodeURIComponent(name).replace(/[.*~'()!]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
}

/** Artifacts in a local folder: `<root>/<pipeline>/<step>/<key>/<execution>/`. Staging is on the same volume, so that rename is atomic. */
export function localArtifacts(root: string): ArtifactStore {
  const staging = join(root, '.staging');
  const trash = join(root, '.trash');
  const stagedAt = (place: ArtifactPlace) => join(staging, segment(place.executionId), segment(place.key));
  const uriOf = ({ pipeline, step, key, executionId }: ArtifactPlace) =>
    join(root, ...[pipeline, step, key, executionId].map(segment));

  return {
    async stage(place) {
      const path = stagedAt(place);
      await rm(path, { recursive: true, force: true });
      await mkdir(path, { recursive: true }).catch((error) => {
        throw fileError(error, path);
      });
      return path;
    },

    async publish(place): Promise<Published> {
      const from = stagedAt(place);
      const uri = uriOf(place);
      try {
        const [{ digest, sizeBytes }] = await Promise.all([
          readTree(from),
          syncTree(from),
          mkdir(dirname(uri), { recursive: true }),
        ]);
        if (existsSync(uri)) await this.delete(uri);
        await rename(from, uri);
        await syncParent(uri);
        // the last output removes the execution's staging folder
        await rmdir(dirname(from)).catch(() => {});
        return { uri, digest, sizeBytes };
      } catch (error) {
        throw fileError(error, uri);
      }
    },

    async discard(executionId) {
      await rm(join(staging, segment(executionId)), { recursive: true, force: true });
    },

    async verify(uri, digest) {
      if (!existsSync(uri)) throw new MitateError('ARTIFACT_MISSING', { uri });
      const { digest: got } = await readTree(uri).catch((error) => {
        throw fileError(error, uri);
      });
      if (got !== digest) throw new MitateError('ARTIFACT_DIGEST_MISMATCH', { uri, expected: digest, got });
    },

    async size(uri) {
      if (!existsSync(uri)) return 0;
      let total = 0;
      for (const path of await listFiles(uri)) total += (await stat(join(uri, path))).size;
      return total;
    },

    async delete(uri) {
      if (!isInside(root, uri)) throw new MitateError('ARTIFACT_OUTSIDE', { uri, root });
      if (!existsSync(uri)) return;
      const real = join(realpathSync(dirname(uri)), basename(uri));
      if (!isInside(realpathSync(root), real)) throw new MitateError('ARTIFACT_OUTSIDE', { uri, root });
      await mkdir(trash, { recursive: true });
      const away = join(trash, randomUUID());
      await rename(uri, away);
      await rm(away, { recursive: true, force: true });
    },

    async list() {
      let level = await folders(root);
      for (let depth = 1; depth < 4; depth++) level = (await Promise.all(level.map(folders))).flat();
      return level.sort();
    },

    async listStaged() {
      return (await folders(staging)).map((path) => ({
        path,
        executionId: decodeURIComponent(path.slice(staging.length + 1)),
      }));
    },
  };
}

async function folders(dir: string): Promise<string[]> {
  if (!existsSync(dir)) return [];
  const entries = await readdir(dir, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => join(dir, entry.name));
}
