import type { StoredArtifact } from '../../contracts/artifact.ts';
import { isMitateError, toMitateError } from '../../errors/index.ts';
import type { ArtifactStore } from '../../store/artifacts/artifacts.ts';
import type { Store } from '../../store/store.ts';
import { checkArtifact } from './stamps.ts';

export interface Hit {
  executionId: string;
  summary: string | null;
  outputs: StoredArtifact[];
}
/** `reason`: the key matched, but the artifacts cannot be used. */
export type LookUp = { hit: Hit } | { hit: null; reason: string | null };

/** An execution with this key whose artifacts exist unchanged. Missing ones are marked as deleted. */
export async function lookUp(store: Store, artifacts: ArtifactStore, cacheDir: string, key: string): Promise<LookUp> {
  for (let reason: string | null = null; ; ) {
    const hit = await store.findCached(key);
    if (!hit) return { hit: null, reason };
    const faults = await Promise.all(hit.outputs.map((output) => faultOf(artifacts, cacheDir, output)));
    const gone = hit.outputs.filter((_, i) => isMitateError(faults[i], 'ARTIFACT_MISSING'));
    const first = faults.find((fault) => fault !== null);
    if (!first) return { hit };
    reason = first.message;
    if (gone.length === 0) return { hit: null, reason };
    await store.markDeleted(gone.map(({ id }) => id));
  }
}

async function faultOf(artifacts: ArtifactStore, cacheDir: string, output: StoredArtifact) {
  return checkArtifact(artifacts, cacheDir, output).then(() => null, toMitateError);
}
