import type { Promotion } from '../../contracts/loop/promotion.ts';
import type { promotions } from '../database/feedback-schema.ts';

export function toPromotion(row: typeof promotions.$inferSelect): Promotion {
  const { claimedBy: _by, claimedUntil: _until, ...promotion } = row;
  return promotion;
}
