import { type PromotionDisagreement, readEvidence } from '../../contracts/loop/promotion.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { requirePromotion } from './require-promotion.ts';

const maxShown = 200;

/** At most 200 of them. */
export function disagreementsIn(
  answers: readonly { id: string; champion: string | null; candidate: string | null }[],
): PromotionDisagreement[] {
  const found: PromotionDisagreement[] = [];
  for (const { id, champion, candidate } of answers)
    if (champion !== null && candidate !== null && champion !== candidate && found.length < maxShown)
      found.push({ id, champion, candidate });
  return found;
}

/** Disagreements found by replay and shadow, sorted by the two answers, without erased requests. @throws PROMOTION_UNKNOWN */
export async function promotionDisagreements(
  store: Pick<OpenStore, 'promotions' | 'requests'>,
  id: string,
): Promise<(PromotionDisagreement & { isKept: boolean; imageSha256: string | null })[]> {
  const { decisions } = await requirePromotion(store, id);
  const found = decisions.flatMap((decision) => readEvidence(decision).disagreements);
  const kinds = found.toSorted((a, b) => (kindOf(a) < kindOf(b) ? -1 : kindOf(a) > kindOf(b) ? 1 : 0));
  const requests = await Promise.all(kinds.map((each) => store.requests.getRequest(each.id)));
  return kinds.flatMap((each, i) => {
    const request = requests[i];
    return request ? [{ ...each, isKept: request.imageKept, imageSha256: request.imageSha256 }] : [];
  });
}

export const kindOf = ({ champion, candidate }: Pick<PromotionDisagreement, 'champion' | 'candidate'>): string =>
  `${champion} -> ${candidate}`;
