import { withStore } from '../actions/with-store.ts';
import type { Config } from '../config/index.ts';
import type { OpenStore } from '../store/open-store.ts';
import { localWho } from './access.ts';

/** Changes something, also beside a server, and writes it into the audit log. */
export async function storeChange<T>(
  config: Config,
  entry: { action: string; subject: string; details?: Record<string, unknown> },
  change: (store: OpenStore, who: string) => Promise<T>,
): Promise<T> {
  return await withStore(config, { attach: true }, async (store) => {
    const who = localWho();
    const changed = await change(store, who);
    await store.access.audit({ details: {}, ...entry, who, project: store.project, requestId: null });
    return changed;
  });
}
