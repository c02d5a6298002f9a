import { rm } from 'node:fs/promises';
import { localArtifacts } from '../artifacts/fs.ts';
import type { OpenStore } from '../open-store.ts';
import type { GarbagePlan } from './plan.ts';

/**
 * Deletes what was planned. Marks rows first: a killed collection leaves orphans, which the next one finds, but never a row
 * without files.
 * @param onProgress called with folders deleted and their number
 */
export async function collectGarbage(
  store: OpenStore,
  { artifacts, folders }: GarbagePlan,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<void> {
  const ids = artifacts.map(({ id }) => id);
  for (const { name } of await store.access.listProjects()) await store.forProject(name).markDeleted(ids);
  const files = localArtifacts(store.workspace.artifacts);
  const remove = [
    ...artifacts.map(
      ({ uri }) =>
        () =>
          files.delete(uri),
    ),
    ...folders.map(
      ({ path }) =>
        () =>
          rm(path, { recursive: true, force: true }),
    ),
  ];
  for (const [i, each] of remove.entries()) {
    onProgress(i, remove.length);
    await each();
  }
  if (remove.length > 0) onProgress(remove.length, remove.length);
}
