import type { Config } from '../../config/index.ts';
import type { Store } from '../../store/store.ts';
import { withStore } from '../with-store.ts';

/** Registered models, newest first. */
export async function listModels(config: Config): Promise<Awaited<ReturnType<Store['listModels']>>> {
  return await withStore(config, { attach: true }, (store) => store.listModels());
}
