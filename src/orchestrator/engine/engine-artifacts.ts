import { existsSync } from 'node:fs';
import { MitateError } from '../../errors/index.ts';
import type { ArtifactStore } from '../../store/artifacts/artifacts.ts';
import { localArtifacts } from '../../store/artifacts/fs.ts';
import type { EngineFiles } from './engine-files.ts';

/**
 * Artifacts of one step at the places that the engine names: staged in the workspace, then put there.
 * @param places output key -> URI of the artifact
 */
export function engineArtifacts(root: string, places: Record<string, string>, files: EngineFiles): ArtifactStore {
  const local = localArtifacts(root);
  const published = new Map<string, string>();
  return {
    ...local,
    async publish(place) {
      const { uri: staged, digest, sizeBytes } = await local.publish(place);
      const uri = places[place.key];
      if (uri === undefined) throw new MitateError('ENGINE_OUTPUT_MISSING', { step: place.step, output: place.key });
      const path = await files.publish(staged, uri, digest, place.executionId);
      published.set(path, uri);
      return { uri: path, digest, sizeBytes };
    },
    async verify(uri, digest) {
      // not ARTIFACT_MISSING: it may be in a bucket that this container does not show, and is not to be recorded as deleted
      if (!existsSync(uri)) throw new MitateError('ENGINE_ARTIFACT_ELSEWHERE', { uri });
      await local.verify(uri, digest);
    },
    async delete(path) {
      const uri = published.get(path);
      if (uri === undefined) await local.delete(path);
      else await files.remove(uri);
    },
  };
}
