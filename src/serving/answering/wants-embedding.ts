import { placeOf } from '../router/assignment.ts';
import type { AskedPhoto } from './asked.ts';

/** Whether the whole embedding is logged: decided by the id, so that the share holds over all servers. */
export function wantsEmbedding({ id, route }: AskedPhoto): boolean {
  const share = route.settings.embeddingShare;
  return share >= 1 || (share > 0 && placeOf('embedding', id) < 100 * share);
}
