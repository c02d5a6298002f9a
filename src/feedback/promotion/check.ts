import { type PromotionCheck, type PromotionCheckId, promotionChecks } from '../../contracts/loop/promotion.ts';

export const check = (id: PromotionCheckId, found: Omit<PromotionCheck, 'id' | 'name'>): PromotionCheck => ({
  id,
  name: promotionChecks[id],
  ...found,
});
