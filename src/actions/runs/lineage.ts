import type { Config } from '../../config/index.ts';
import { type Lineage, lineageOf } from '../../orchestrator/lineage.ts';
import { withStore } from '../with-store.ts';

/** Where an artifact, a model version or a photo comes from, and what was made of it. */
export async function showLineage(config: Config, reference: string): Promise<Lineage> {
  return await withStore(config, { attach: true }, (store) => lineageOf(store, reference));
}
