import type { ArtifactType, StoredArtifact } from '../../contracts/artifact.ts';
import type { OpenStore } from '../../store/open-store.ts';

type Store = Pick<OpenStore, 'listArtifacts' | 'executionArtifacts'>;

/** Evaluations of one data set that are looked through for the newest. */
const mostLooked = 200;

/** The newest artifact of a type that was made from this one, or from one with the same content; with the other inputs of its step. */
export async function madeFrom(
  store: Store,
  type: ArtifactType,
  { id, digest }: Pick<StoredArtifact, 'id' | 'digest'>,
): Promise<{ artifact: StoredArtifact; inputs: Map<string, StoredArtifact> } | null> {
  for (const artifact of await store.listArtifacts({ type, live: true, limit: mostLooked })) {
    const { inputs } = await store.executionArtifacts(artifact.executionId);
    if (inputs.some(({ artifact: input }) => input.id === id || input.digest === digest))
      return { artifact, inputs: new Map(inputs.map((input) => [input.key, input.artifact])) };
  }
  return null;
}
