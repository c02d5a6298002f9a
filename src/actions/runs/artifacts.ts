import type { StoredArtifact } from '../../contracts/artifact.ts';
import { MitateError } from '../../errors/index.ts';
import type { Store } from '../../store/store.ts';

/** Newest first. */
export async function listArtifacts(
  store: Store,
  filter: Parameters<Store['listArtifacts']>[0],
): Promise<StoredArtifact[]> {
  return await store.listArtifacts(filter);
}

export async function showArtifact(store: Store, id: string): Promise<StoredArtifact> {
  const artifact = await store.getArtifact(id);
  if (artifact === null) throw new MitateError('ARTIFACT_UNKNOWN', { id });
  return artifact;
}
