import { bucketOf } from '../router/assignment.ts';
import type { RoutedPhoto } from './routed-request.ts';

/** Whether the full embedding is logged: decided by the id, so that the share holds over all servers. */
export function wantsEmbedding({ id, route }: RoutedPhoto): boolean {
  const share = route.settings.embeddingShare;
  return share >= 1 || (share > 0 && bucketOf('embedding', id) < 100 * share);
}
