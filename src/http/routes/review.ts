import { requireEndpoint } from '../../actions/endpoints/require-endpoint.ts';
import { fillQueue } from '../../actions/review/fill.ts';
import { labelPhoto, listReview, nextPhoto, skipPhoto } from '../../actions/review/review.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { given } from '../given.ts';

export function reviewHandlers({ metrics }: ApiContext): Handlers<RouteIn<'review'>> {
  return {
    'review.list': async ({ store, query: { endpoint, state, limit } }) => ({
      items: await listReview(store, { ...given({ endpoint }), state, limit }),
    }),
    'review.next': async ({ store, body: { endpoint }, actor, now }) => ({
      item: await nextPhoto(store, { actor, now, endpoint }),
    }),
    'review.label': async ({ store, params, body, actor, now }) => {
      const { entry, verdict } = await labelPhoto(store, params.id, body, { actor, now });
      metrics.feedback({ project: store.project, endpoint: entry.endpoint, verdict });
      return entry;
    },
    'review.skip': async ({ store, params, actor, now }) => await skipPhoto(store, params.id, { actor, now }),
    'review.fill': async ({ store, body: { endpoint, budget }, actor, now }) => ({
      fill: await fillQueue(store, await requireEndpoint(store, endpoint), { actor, now, ...given({ budget }) }),
    }),
  };
}
