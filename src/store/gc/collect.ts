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
  const total = artifacts.length + folders.length;
  let done = 0;
  if (total > 0) onProgress(0, total);
  for (const { uri } of artifacts) {
    await files.delete(uri);
    onProgress(++done, total);
  }
  for (const { path } of folders) {
    await rm(path, { recursive: true, force: true });
    onProgress(++done, total);
  }
}
