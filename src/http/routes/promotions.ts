import { promotionDisagreements } from '../../actions/promotions/disagreements.ts';
import { promotionGrid } from '../../actions/promotions/grid.ts';
import {
  abortPromotion,
  approvePromotion,
  listPromotions,
  refusePromotion,
  showPromotion,
  startPromotion,
} from '../../actions/promotions/promotion.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { AllRoutes } from '../../contracts/api/routes.ts';
import type { Promotion } from '../../contracts/loop/promotion.ts';
import { type Call, type Handlers, png } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { given } from '../given.ts';
import { pageBySeq } from '../page.ts';

const toApi = (promotion: Promotion) => ({ ...promotion, why: promotion.decisions.at(-1)!.why });

type Verb = Pick<AllRoutes['promotions.approve'], 'params' | 'body'>;

/** A worker advances what is started here. */
export function promotionHandlers({ service }: ApiContext): Handlers<RouteIn<'promotions'>> {
  const verb =
    (change: typeof approvePromotion) =>
    async ({ store, params, body: { why }, actor, principal, now }: Call<Verb>) => {
      const { permissions } = principal;
      const promotion = await change(store, params.id, { actor, permissions, why, now });
      await service.refresh();
      return toApi(promotion);
    };
  return {
    'promotions.list': async ({ store, query: { endpoint, active, ...page } }) => {
      const filter = given({ endpoint, active: active || undefined });
      const found = await pageBySeq(page, (page) => listPromotions(store, { ...filter, ...page }));
      return { ...found, items: found.items.map(toApi) };
    },
    'promotions.get': async ({ store, params }) => {
      const { promotion, ...details } = await showPromotion(store, params.id);
      return { ...toApi(promotion), ...details };
    },
    'promotions.disagreements': async ({ store, params }) => await promotionDisagreements(store, params.id),
    'promotions.grid': async ({ store, params }) => png(await promotionGrid(store, params.id)),
    'promotions.start': async ({ store, body: { why, ...wanted }, actor, now }) =>
      toApi(await startPromotion(store, wanted, { actor, why, now })),
    'promotions.approve': verb(approvePromotion),
    'promotions.refuse': verb(refusePromotion),
    'promotions.abort': verb(abortPromotion),
  };
}
