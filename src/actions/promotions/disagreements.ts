import type { OpenStore } from '../../store/open-store.ts';
import { requirePromotion } from './promotion.ts';

/** A logged request whose photo the two models answer differently. */
export interface Disagreement {
  /** Public id. */
  id: string;
  champion: string;
  candidate: string;
}

const maxShown = 200;

/** At most 200 of them. */
export function disagreementsIn(
  answers: readonly { id: string; champion: string | null; candidate: string | null }[],
): Disagreement[] {
  const found: Disagreement[] = [];
  for (const { id, champion, candidate } of answers)
    if (champion !== null && candidate !== null && champion !== candidate && found.length < maxShown)
      found.push({ id, champion, candidate });
  return found;
}

/**
 * What replay and shadow showed, by what was answered; requests that were erased since are left out.
 * @throws PROMOTION_UNKNOWN
 */
export async function promotionDisagreements(
  store: OpenStore,
  id: string,
): Promise<(Disagreement & { isKept: boolean; imageSha256: string | null })[]> {
  const { decisions } = await requirePromotion(store, id);
  const found = decisions.flatMap(
    ({ evidence }) => (evidence as { disagreements?: Disagreement[] } | null)?.disagreements ?? [],
  );
  const kinds = found.toSorted((a, b) => (kindOf(a) < kindOf(b) ? -1 : kindOf(a) > kindOf(b) ? 1 : 0));
  const requests = await Promise.all(kinds.map((each) => store.requests.getRequest(each.id)));
  return kinds.flatMap((each, i) => {
    const request = requests[i];
    return request ? [{ ...each, isKept: request.imageKept, imageSha256: request.imageSha256 }] : [];
  });
}

export const kindOf = ({ champion, candidate }: Pick<Disagreement, 'champion' | 'candidate'>): string =>
  `${champion} -> ${candidate}`;
