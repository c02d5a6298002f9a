import { acknowledgeAlert, listAlerts, resolveAlert, showAlert, silenceAlert } from '../../actions/alerts/alert.ts';
import {
  createChannel,
  listChannels,
  listDeadLetters,
  removeChannel,
  retryDeadLetters,
  testChannel,
} from '../../actions/alerts/channel.ts';
import { alertGrid, alertPhotos } from '../../actions/alerts/photos.ts';
import { alertWhy } from '../../actions/alerts/why.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import { type Handlers, png } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { given } from '../given.ts';
import { pageBySeq, pageOf } from '../page.ts';
import { isServerAdmin } from '../principal.ts';

export function alertHandlers(): Handlers<RouteIn<'alerts'>> {
  return {
    'alerts.list': async ({ store, query: { state, endpoint, monitor, format: _, ...page } }) => {
      const filter = given({ states: state && [state], endpoint, monitor });
      return await pageBySeq(page, (page) => listAlerts(store, { ...filter, ...page }));
    },
    'alerts.get': async ({ store, params }) => await showAlert(store, params.alert),
    'alerts.why': async ({ store, params }) => await alertWhy(store, params.alert),
    'alerts.photos': async ({ store, params }) => ({ photos: await alertPhotos(store, params.alert) }),
    'alerts.grid': async ({ store, params }) => png(await alertGrid(store, params.alert)),
    'alerts.ack': async ({ store, params, body: { why }, actor, now }) =>
      await acknowledgeAlert(store, params.alert, { actor, why, now }),
    'alerts.resolve': async ({ store, params, body: { why }, actor, now }) =>
      await resolveAlert(store, params.alert, { actor, why, now }),
    'alerts.silence': async ({ store, params, body: { why, until }, actor, now }) =>
      await silenceAlert(store, params.alert, new Date(until), { actor, why, now }),
  };
}

export function channelHandlers({ config: { channels } }: ApiContext): Handlers<RouteIn<'channels'>> {
  return {
    'channels.list': async ({ store, query }) => pageOf(await listChannels(store), query, ({ name }) => name),
    'channels.create': async ({ store, body: { name, definition }, actor, principal, now }) => {
      const others = isServerAdmin(principal) ? {} : channels.secrets;
      return await createChannel(store, name, definition, { actor, now, others });
    },
    'channels.remove': async ({ store, params, actor }) => await removeChannel(store, params.name, actor),
    'channels.test': async ({ store, params, actor, now }) => {
      await testChannel(store, params.name, { actor, now, channels });
      return { ok: true };
    },
    'channels.dead': async ({ store, params, query }) =>
      pageOf(await listDeadLetters(store, params.name), query, ({ id }) => id),
    'channels.retry': async ({ store, params: { name: channel }, body: { id }, actor, now }) => ({
      retried: await retryDeadLetters(store, { channel, id }, { actor, now }),
    }),
  };
}
