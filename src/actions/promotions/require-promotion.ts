import type { Promotion } from '../../contracts/loop/promotion.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** By id, or the newest of an endpoint by its name. @throws PROMOTION_UNKNOWN */
export async function requirePromotion({ promotions }: Pick<OpenStore, 'promotions'>, id: string): Promise<Promotion> {
  const found = (await promotions.get(id)) ?? (await promotions.list({ endpoint: id, limit: 1 }))[0];
  if (found) return found;
  throw new MitateError('PROMOTION_UNKNOWN', { id });
}
