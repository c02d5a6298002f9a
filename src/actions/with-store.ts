import type { Config } from '../config/index.ts';
import { type OpenStore, type OpenStoreOptions, openStore } from '../store/open-store.ts';

/** Works with the workspace's store, and closes it whatever happens. `attach` as of `openStore`: true for what is done in a moment, `server` for what lasts. */
export async function withStore<T>(
  config: Config,
  options: Pick<OpenStoreOptions, 'attach' | 'serves'>,
  work: (store: OpenStore) => Promise<T>,
): Promise<T> {
  await using store = await openStore({
    workspace: config.workspace,
    project: config.project,
    ...(config.databaseUrl !== null && { databaseUrl: config.databaseUrl }),
    ...options,
  });
  return await work(store);
}
