import { type PromotionCheck, type PromotionCheckId, promotionChecks } from '../../contracts/loop/promotion.ts';

/** A check of the candidate, as it stands. */
export const check = (id: PromotionCheckId, found: Omit<PromotionCheck, 'id' | 'name'>): PromotionCheck => ({
  id,
  name: promotionChecks[id],
  ...found,
});

/** @param share 0..1 */
export const percent = (share: number) => `${Number((100 * share).toFixed(1))} %`;
