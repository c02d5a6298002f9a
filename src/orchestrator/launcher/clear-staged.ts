import type { ArtifactStore } from '../../store/artifacts/artifacts.ts';
import type { Store } from '../../store/store.ts';

/** Removes the staged outputs of killed executions; those of running ones stay. */
export async function clearStaged(store: Store, artifacts: ArtifactStore): Promise<void> {
  for (const { executionId } of await artifacts.listStaged()) {
    const execution = await store.getExecution(executionId);
    if (execution?.state !== 'running') await artifacts.discard(executionId);
  }
}
