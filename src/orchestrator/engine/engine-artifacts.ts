import { existsSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MitateError } from '../../errors/index.ts';
import type { ArtifactStore } from '../../store/artifacts/artifacts.ts';
import { localArtifacts } from '../../store/artifacts/fs.ts';
import { readTree } from '../../store/artifacts/tree-digest.ts';
import { fileError } from '../../store/workspace/file-error.ts';

/**
 * Artifacts of one step at the places that the engine names: staged in the workspace, then copied, because a bucket shown as a folder has no
 * rename. A copy that is cut short is never read: without an executor output the task has failed.
 * @param places output key -> path of the artifact
 */
export function engineArtifacts(root: string, places: Record<string, string>): ArtifactStore {
  const local = localArtifacts(root);
  return {
    ...local,
    async publish(place) {
      const { uri: staged, digest, sizeBytes } = await local.publish(place);
      const uri = places[place.key];
      if (uri === undefined) throw new MitateError('ENGINE_OUTPUT_MISSING', { step: place.step, output: place.key });
      try {
        await rm(uri, { recursive: true, force: true });
        await mkdir(dirname(uri), { recursive: true });
        await cp(staged, uri, { recursive: true });
        const { digest: got } = await readTree(uri);
        if (got !== digest) throw new MitateError('ARTIFACT_DIGEST_MISMATCH', { uri, expected: digest, got });
      } catch (error) {
        throw fileError(error, uri);
      }
      await local.delete(staged);
      return { uri, digest, sizeBytes };
    },
    async verify(uri, digest) {
      // not ARTIFACT_MISSING: it may be in a bucket that this container does not show, and is not to be recorded as deleted
      if (!existsSync(uri)) throw new MitateError('ENGINE_ARTIFACT_ELSEWHERE', { uri });
      await local.verify(uri, digest);
    },
    async delete(uri) {
      if (Object.values(places).includes(uri)) await rm(uri, { recursive: true, force: true });
      else await local.delete(uri);
    },
  };
}
