import { splits } from '../contracts/example.ts';
import { readImages, readIndex } from '../pipeline/example-gen/read-examples.ts';
import type { OpenStore } from '../store/open-store.ts';
import type { ModelVersion, StoredArtifact } from '../store/store.ts';

/** Photos that models were trained on, as long as their Examples artifact is there. */
export interface TrainingPhotos {
  /** By example id. */
  labels: ReadonlyMap<string, string>;
  /** Encoded, by example id. */
  read(): Promise<Map<string, Uint8Array>>;
}

/** Of the photos that are named, those that the versions' Examples still hold. */
export async function findTrainingPhotos(
  store: OpenStore,
  versions: readonly ModelVersion[],
  ids: ReadonlySet<string>,
): Promise<TrainingPhotos> {
  const sources = ids.size === 0 ? [] : await examplesOf(store, versions);
  const labels = new Map<string, string>();
  for (const { uri } of sources)
    for (const { sha256, label } of await readIndex(uri).catch(() => []))
      if (ids.has(sha256)) labels.set(sha256, label);
  return { labels, read: () => readPhotos(sources, ids) };
}

async function examplesOf(store: OpenStore, versions: readonly ModelVersion[]): Promise<StoredArtifact[]> {
  const found = new Map<string, StoredArtifact>();
  for (const { artifactId } of versions) {
    const model = await store.getArtifact(artifactId);
    if (model === null) continue;
    for (const { artifact } of (await store.executionArtifacts(model.executionId)).inputs)
      if (artifact.type === 'Examples' && artifact.deletedAt === null) found.set(artifact.id, artifact);
  }
  return [...found.values()];
}

/** What is damaged is left out: an alert's picture is no place to fail for it. */
async function readPhotos(
  sources: readonly StoredArtifact[],
  ids: ReadonlySet<string>,
): Promise<Map<string, Uint8Array>> {
  const photos = new Map<string, Uint8Array>();
  for (const { uri } of sources)
    for (const split of splits)
      try {
        const wanted = ({ sha256 }: { sha256: string }) => ids.has(sha256) && !photos.has(sha256);
        for await (const { example, image } of readImages(uri, split, wanted)) photos.set(example.sha256, image);
      } catch {}
  return photos;
}
