import { labelAgreementInChildProcess } from '../../actions/datasets/in-child-process.ts';
import { requireEndpoint } from '../../actions/endpoints/require-endpoint.ts';
import type { Added } from '../../actions/feedback/add.ts';
import { fillQueue } from '../../actions/review/fill.ts';
import { adjudicate, listDisputes, listLabellers } from '../../actions/review/labellers.ts';
import { countReview, labelPhoto, listReview, nextPhotos, skipPhoto, undoReview } from '../../actions/review/review.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { given, periodOf } from '../given.ts';

export function reviewHandlers({ config, metrics }: ApiContext): Handlers<RouteIn<'review'>> {
  const counted = (project: string, { entry, verdict }: Added) => {
    metrics.feedback({ project, endpoint: entry.endpoint, verdict });
    return entry;
  };
  return {
    'review.list': async ({ store, query: { endpoint, state, limit } }) => ({
      items: await listReview(store, { ...given({ endpoint }), state, limit }),
      total: await countReview(store, { ...given({ endpoint }), state }),
    }),
    'review.next': async ({ store, body: { endpoint, count }, actor, now }) => {
      const items = await nextPhotos(store, { actor, now, endpoint, count });
      return { item: items[0] ?? null, items };
    },
    'review.label': async ({ store, params, body, actor, now }) =>
      counted(store.project, await labelPhoto(store, params.id, body, { actor, now })),
    'review.adjudicate': async ({ store, params, body, actor, now }) =>
      counted(store.project, await adjudicate(store, params.id, body, { actor, now })),
    'review.disputes': async ({ store, query: { limit, ...period } }) => ({
      items: await listDisputes(store, { ...periodOf(period), limit }),
    }),
    'review.agreement': async ({ store, query }) => ({
      items: await labelAgreementInChildProcess(config, store, periodOf(query)),
    }),
    'review.labellers': async ({ store, query }) => ({ items: await listLabellers(store, periodOf(query)) }),
    'review.skip': async ({ store, params, actor, now }) => await skipPhoto(store, params.id, { actor, now }),
    'review.undo': async ({ store, params, actor, now }) => await undoReview(store, params.id, { actor, now }),
    'review.fill': async ({ store, body: { endpoint, budget }, actor, now }) => ({
      fill: await fillQueue(store, await requireEndpoint(store, endpoint), { actor, now, ...given({ budget }) }),
    }),
  };
}
