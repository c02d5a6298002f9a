import type { StoredArtifact } from '../../contracts/artifact.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** Newest first. */
export async function listArtifacts(
  store: Pick<OpenStore, 'listArtifacts'>,
  filter: Parameters<OpenStore['listArtifacts']>[0],
): Promise<StoredArtifact[]> {
  return await store.listArtifacts(filter);
}

export async function showArtifact(store: Pick<OpenStore, 'getArtifact'>, id: string): Promise<StoredArtifact> {
  const artifact = await store.getArtifact(id);
  if (artifact === null) throw new MitateError('ARTIFACT_UNKNOWN', { id });
  return artifact;
}
