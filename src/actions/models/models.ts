import type { Model, ModelVersion } from '../../contracts/model.ts';
import type { Store } from '../../store/store.ts';

/** Registered models, newest first. */
export async function listModels(store: Pick<Store, 'listModels'>): Promise<Model[]> {
  return await store.listModels();
}

/** Newest first. */
export async function listVersions(store: Pick<Store, 'listVersions'>, name: string): Promise<ModelVersion[]> {
  return await store.listVersions(name);
}
