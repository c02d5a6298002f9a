import type { z } from 'zod';
import { dimensions } from '../../actions/requests/dimensions.ts';
import { explainRequest } from '../../actions/requests/explain.ts';
import { countRequests, listRequests, showRequest } from '../../actions/requests/requests.ts';
import { followSubject } from '../../actions/requests/subject.ts';
import { keptPhoto } from '../../actions/review/review.ts';
import type { Principal } from '../../contracts/access.ts';
import type { requestFilterSchema } from '../../contracts/api/requests.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { LoggedRequest } from '../../contracts/request-record.ts';
import type { RequestFilter } from '../../store/requests/contract.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { dateOf, given } from '../given.ts';
import { pageBelow } from '../page.ts';
import { untilDisconnected } from '../protocols/service-request.ts';

export function requestHandlers({ service }: Pick<ApiContext, 'service'>): Handlers<RouteIn<'requests' | 'subjects'>> {
  return {
    'requests.list': async ({ store, query, principal }) => {
      const { limit: _, cursor: _cursor, format: _format, ...wanted } = query;
      const filter = filterOf(wanted);
      return await pageBelow(
        query,
        async (page) => (await listRequests(store, { ...filter, ...page })).map((row) => shownTo(principal, row)),
        ({ key }) => key,
      );
    },
    'requests.count': async ({ store, query }) => await countRequests(store, filterOf(query)),
    'requests.get': async ({ store, params, principal }) => shownTo(principal, await showRequest(store, params.id)),
    'subjects.get': async ({ store, params }) => await followSubject(store, params.subject),
    'requests.photo': async ({ store, params }) => {
      const { bytes, format } = await keptPhoto(store, params.id);
      return { bytes, type: `image/${format}`, headers: { 'cache-control': 'private, no-store' } };
    },
    'requests.explanation': async ({ store, params, reply }) =>
      await explainRequest(store, service, params.id, untilDisconnected(reply)),
    'requests.dimensions': async ({ store }) => await dimensions(store),
  };
}

/** As in the response itself, ids of training photos are only shown to those who operate endpoints. */
function shownTo({ permissions }: Principal, row: LoggedRequest): LoggedRequest {
  const distribution = row.response?.outOfDistribution;
  if (!distribution || permissions.has('operate')) return row;
  return { ...row, response: { ...row.response, outOfDistribution: { ...distribution, nearest: undefined } } };
}

function filterOf(query: z.output<typeof requestFilterSchema>): RequestFilter {
  const { from, to, requestId: httpRequestId, version: modelVersion, unlike, attribute, ...same } = query;
  return given({
    ...same,
    ...{ httpRequestId, modelVersion, outOfDistribution: unlike },
    from: dateOf(from),
    to: dateOf(to),
    attribute: attributeOf(attribute),
  });
}

/** @param text `name=value`; the value may have a `=` */
function attributeOf(text: string | undefined): RequestFilter['attribute'] {
  if (text === undefined) return undefined;
  const end = text.indexOf('=');
  return { name: text.slice(0, end), value: text.slice(end + 1) };
}
