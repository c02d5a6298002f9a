import { rm } from 'node:fs/promises';
import { localArtifacts } from '../artifacts/fs.ts';
import type { OpenStore } from '../open-store.ts';
import type { GarbagePlan } from './plan.ts';

/**
 * Deletes what was planned. Marks rows first: a killed collection leaves orphans, which the next one finds, but never a row
 * without files.
 */
export async function collectGarbage(store: OpenStore, { artifacts, folders }: GarbagePlan): Promise<void> {
  const ids = artifacts.map(({ id }) => id);
  for (const { name } of await store.access.listProjects()) await store.forProject(name).markDeleted(ids);
  const files = localArtifacts(store.workspace.artifacts);
  for (const { uri } of artifacts) await files.delete(uri);
  for (const { path } of folders) await rm(path, { recursive: true, force: true });
}
