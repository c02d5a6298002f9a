import type { z } from 'zod';
import { dimensions } from '../../actions/requests/dimensions.ts';
import { listRequests, showRequest } from '../../actions/requests/requests.ts';
import { followSubject } from '../../actions/requests/subject.ts';
import { keptPhoto } from '../../actions/review/review.ts';
import type { Principal } from '../../contracts/access.ts';
import type { requestsQuerySchema } from '../../contracts/api/requests.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { LoggedRequest } from '../../contracts/request-record.ts';
import type { RequestFilter } from '../../store/requests/contract.ts';
import type { Handlers } from '../add-routes.ts';
import { dateOf, given } from '../given.ts';
import { pageBelow } from '../page.ts';

export function requestHandlers(): Handlers<RouteIn<'requests' | 'subjects'>> {
  return {
    'requests.list': async ({ store, query, principal }) => {
      const filter = filterOf(query);
      return await pageBelow(
        query,
        async (page) => (await listRequests(store, { ...filter, ...page })).map((row) => shownTo(principal, row)),
        ({ key }) => key,
      );
    },
    'requests.get': async ({ store, params, principal }) => shownTo(principal, await showRequest(store, params.id)),
    'subjects.get': async ({ store, params }) => await followSubject(store, params.subject),
    'requests.photo': async ({ store, params }) => {
      const { bytes, format } = await keptPhoto(store, params.id);
      return { bytes, type: `image/${format}`, headers: { 'cache-control': 'private, no-store' } };
    },
    'requests.dimensions': async ({ store }) => await dimensions(store),
  };
}

/** As in the response itself, ids of training photos are only shown to those who operate endpoints. */
function shownTo({ permissions }: Principal, row: LoggedRequest): LoggedRequest {
  const distribution = row.response?.outOfDistribution;
  if (!distribution || permissions.has('operate')) return row;
  return { ...row, response: { ...row.response, outOfDistribution: { ...distribution, nearest: undefined } } };
}

function filterOf(query: z.output<typeof requestsQuerySchema>): RequestFilter {
  const { endpoint, from, to, role, label, imageSha256, requestId: httpRequestId } = query;
  return given({ endpoint, role, label, imageSha256, httpRequestId, from: dateOf(from), to: dateOf(to) });
}
