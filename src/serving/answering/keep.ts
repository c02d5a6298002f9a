import { placeOf } from '../router/assignment.ts';
import type { AskedPhoto } from './asked.ts';

/** Whether the whole embedding is logged. */
export function wantsEmbedding({ id, route }: AskedPhoto): boolean {
  return isSampled('embedding', id, route.settings.embeddingShare);
}

function isSampled(what: string, id: string, share: number): boolean {
  return share >= 1 || (share > 0 && placeOf(what, id) < 100 * share);
}
