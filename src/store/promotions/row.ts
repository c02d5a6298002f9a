import type { promotions } from '../database/feedback-schema.ts';
import type { Promotion } from './contract.ts';

export function toPromotion(row: typeof promotions.$inferSelect): Promotion {
  const { claimedBy: _by, claimedUntil: _until, ...promotion } = row;
  return promotion;
}
