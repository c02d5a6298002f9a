import { readIndex } from '../../artifacts/examples/read-examples.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import type { Split } from '../../contracts/artifacts/example.ts';
import type { Store } from '../../store/store.ts';

export interface PhotoPlace {
  artifactId: string;
  pipeline: string;
  span: number;
  split: Split;
  label: string;
  filename: string;
  group: string;
}

/** The Examples artifacts that contain a photo, newest first, as far as their files can be read. */
export async function findPhoto(
  store: Store,
  sha256: string,
): Promise<{ places: PhotoPlace[]; artifacts: StoredArtifact[] }> {
  const places: PhotoPlace[] = [];
  const artifacts: StoredArtifact[] = [];
  for (const artifact of await store.listArtifacts({ type: 'Examples', live: true })) {
    const example = (await readIndex(artifact.uri).catch(() => [])).find((one) => one.sha256 === sha256);
    if (!example) continue;
    const { span, split, label, filename, group } = example;
    places.push({ artifactId: artifact.id, pipeline: artifact.pipeline, span, split, label, filename, group });
    artifacts.push(artifact);
  }
  return { places, artifacts };
}
