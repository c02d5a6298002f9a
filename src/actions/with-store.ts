import type { Config } from '../config/index.ts';
import { type OpenStore, openStore } from '../store/open-store.ts';

/** Works with the workspace's store, and closes it whatever happens. `attach`: a command that starts no run may look through the process that owns the workspace. */
export async function withStore<T>(
  config: Config,
  options: { attach?: boolean },
  work: (store: OpenStore) => Promise<T>,
): Promise<T> {
  await using store = await openStore({
    workspace: config.workspace,
    ...(config.databaseUrl !== null && { databaseUrl: config.databaseUrl }),
    ...options,
  });
  return await work(store);
}
