import type { Config } from '../config/index.ts';
import { type OpenStore, type OpenStoreOptions, openStore } from '../store/open-store.ts';

/** Opens the workspace's store for `work`, and always closes it. `attach` as in `openStore`: true for short work, `server` for long work. */
export async function withStore<T>(
  config: Config,
  options: Pick<OpenStoreOptions, 'attach' | 'serves' | 'logger'>,
  work: (store: OpenStore) => Promise<T>,
): Promise<T> {
  await using store = await openStore({
    workspace: config.workspace,
    project: config.project,
    secretKeys: config.secretKeys,
    ...(config.databaseUrl !== null && { databaseUrl: config.databaseUrl }),
    ...options,
  });
  return await work(store);
}
