import {
  createEndpoint,
  deploy,
  endpointTimeline,
  listEndpoints,
  promote,
  removeEndpoint,
  rollback,
  setEndpoint,
  setTraffic,
  undeploy,
} from '../../actions/endpoints/endpoint.ts';
import { isForDevices, offlineFile, offlineModel } from '../../actions/endpoints/offline.ts';
import { requireEndpoint } from '../../actions/endpoints/require-endpoint.ts';
import { endpointSeries } from '../../actions/endpoints/series.ts';
import { endpointState } from '../../actions/endpoints/state.ts';
import { addVisitorFeedback } from '../../actions/feedback/visitor.ts';
import { displayNamesOf } from '../../actions/labels/label-names.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { Call, Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { dateOf } from '../given.ts';
import { pageBySeq, pageOf } from '../page.ts';
import { photoBodyLimit } from '../protocols/raw-bodies.ts';

const dateOrNull = (text: string | null | undefined) => (text === null ? null : dateOf(text));

type Change = Pick<Call<unknown>, 'store' | 'actor'> & { params: { name: string } };

/** A version is loaded and checked before the plan changes; the next prediction follows the new plan. */
export function endpointHandlers({ service }: ApiContext): Handlers<RouteIn<'endpoints'>> {
  const work = ({ store, actor }: Omit<Change, 'params'>, why: string) => ({ store, gate: service, actor, why });
  const refreshed = async <T>(change: Promise<T>): Promise<T> => {
    const changed = await change;
    await service.refresh();
    return changed;
  };
  return {
    'endpoints.list': async ({ store, query }) => pageOf(await listEndpoints(store), query, ({ name }) => name),
    'endpoints.get': async ({ store, params }) => await requireEndpoint(store, params.name),
    'endpoints.timeline': async ({ store, params, query }) =>
      await pageBySeq(query, (page) => endpointTimeline(store, params.name, page)),
    'endpoints.series': async ({ store, params, query: { from, to, step }, now }) =>
      await endpointSeries(store, params.name, { from: dateOf(from), to: dateOf(to), step, now }),
    'endpoints.state': async ({ store, params, query: { at }, now }) =>
      await endpointState(store, params.name, dateOf(at) ?? now),
    'endpoints.capture': async ({ store, params, principal }) => {
      service.authorize(principal, params.name);
      const { labels, positive, negative, input, isPublic } = service.describe(principal.project, params.name);
      const { displayName, settings } = await requireEndpoint(store, params.name);
      const answers = positive === null ? labels : [positive, negative!];
      return {
        endpoint: params.name,
        displayName,
        answers,
        labels,
        displayNames: await displayNamesOf(store, [...answers, ...labels]),
        positive,
        band: settings.abstain,
        input,
        maxBytes: photoBodyLimit,
        public: isPublic,
        mayShare: principal.permissions.has('predict') || principal.permissions.has('label'),
        offline: settings.offline && isForDevices(service.stable(principal.project, params.name).model.signature),
      };
    },
    'endpoints.offline': async ({ params, principal }) => {
      service.authorize(principal, params.name);
      return await offlineModel(params.name, service.stable(principal.project, params.name));
    },
    'endpoints.offlineFile': async ({ params: { name, sha256 }, principal }) => {
      service.authorize(principal, name);
      const bytes = await offlineFile(name, service.stable(principal.project, name), sha256);
      // the page keeps it itself
      const headers = { etag: `"${sha256}"`, 'cache-control': 'private, no-cache' };
      return { bytes, type: 'application/octet-stream', headers };
    },
    'endpoints.feedback': async ({ store, params, body, principal, actor, now }) => {
      service.authorize(principal, params.name);
      return { repeated: await addVisitorFeedback(store, params.name, body, { actor, now }) };
    },
    'endpoints.create': async ({ body: { name, displayName, settings, why }, ...call }) =>
      await refreshed(createEndpoint(work(call, why), name, { displayName, settings })),
    'endpoints.set': async ({ body: { settings, why, unchangedSince }, ...call }) =>
      await refreshed(setEndpoint(work(call, why), call.params.name, settings, dateOrNull(unchangedSince))),
    'endpoints.remove': async ({ query: { why }, ...call }) =>
      await refreshed(removeEndpoint(work(call, why), call.params.name)),
    'endpoints.deploy': async ({ body: { why, ...wanted }, ...call }) =>
      await refreshed(deploy(work(call, why), call.params.name, wanted)),
    'endpoints.undeploy': async ({ body: { why, model }, ...call }) =>
      await refreshed(undeploy(work(call, why), call.params.name, model)),
    'endpoints.traffic': async ({ body: { why, traffic, unchangedSince }, ...call }) =>
      await refreshed(setTraffic(work(call, why), call.params.name, traffic, dateOrNull(unchangedSince))),
    'endpoints.promote': async ({ body: { why, ...wanted }, ...call }) =>
      await refreshed(promote(work(call, why), call.params.name, wanted)),
    'endpoints.rollback': async ({ body: { why }, ...call }) =>
      await refreshed(rollback(work(call, why), call.params.name)),
  };
}
