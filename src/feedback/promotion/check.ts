import { type PromotionCheck, type PromotionCheckId, promotionChecks } from '../../contracts/loop/promotion.ts';

/** @param seen number of observations behind the verdict: nothing passes on none */
export function check(
  id: PromotionCheckId,
  { seen, verdict, ...found }: Omit<PromotionCheck, 'id' | 'name'> & { seen: number },
): PromotionCheck {
  return { id, name: promotionChecks[id], verdict: seen === 0 && verdict === 'pass' ? 'no-data' : verdict, ...found };
}
