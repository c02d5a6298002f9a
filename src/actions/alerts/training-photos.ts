import { readIndex } from '../../artifacts/examples/read-examples.ts';
import type { ModelVersion } from '../../contracts/model.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** Training photos of models whose Examples artifact still exists. */
export interface TrainingPhotos {
  /** By example id. */
  labels: ReadonlyMap<string, string>;
  /** Examples artifacts that may contain them. */
  uris: readonly string[];
}

/** Those of the given photos that the versions' Examples still contain. */
export async function findTrainingPhotos(
  store: Pick<OpenStore, 'getArtifact' | 'executionArtifacts'>,
  versions: readonly ModelVersion[],
  ids: ReadonlySet<string>,
): Promise<TrainingPhotos> {
  const uris = ids.size === 0 ? [] : await examplesOf(store, versions);
  const labels = new Map<string, string>();
  for (const uri of uris)
    for (const { sha256, label } of await readIndex(uri).catch(() => []))
      if (ids.has(sha256)) labels.set(sha256, label);
  return { labels, uris };
}

async function examplesOf(
  store: Pick<OpenStore, 'getArtifact' | 'executionArtifacts'>,
  versions: readonly ModelVersion[],
): Promise<string[]> {
  const found = new Set<string>();
  for (const { artifactId } of versions) {
    const model = await store.getArtifact(artifactId);
    if (model === null) continue;
    for (const { artifact } of (await store.executionArtifacts(model.executionId)).inputs)
      if (artifact.type === 'Examples' && artifact.deletedAt === null) found.add(artifact.uri);
  }
  return [...found];
}
